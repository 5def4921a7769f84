namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>What the reader should know of the data.</summary>
internal sealed class NotesSection : IPageSection
{
    /// <inheritdoc/>
    public string Id => "notes";

    /// <inheritdoc/>
    public string Title => "Notes";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => report.Notes.Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        page.Open("ul").Line();
        foreach (string note in report.Notes) page.Element("li", note).Line();
        page.Close().Line();
    }
}
