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
        if (report.Joins.Count == 0) return;
        page.Element("p", "All ids that did not pair up are in unmatched.jsonl beside this page.", ("class", "note")).Line();
        foreach (var join in report.Joins)
            foreach (var (what, ids) in ((string, IdList)[])[("References without a prediction", join.Missing), ("Predictions without a reference", join.Extra), ("Predictions with an id that came before", join.Duplicate)])
                if (ids.Count > 0) Write(page, $"{what} in {join.Cell}: {Figures.Count(ids.Count)}", ids);
    }

    static void Write(Markup page, string title, IdList ids)
    {
        page.Open("details").Element("summary", title).Open("p", ("class", "ids")).Text(string.Join(", ", ids.First));
        if (ids.Count > ids.First.Count) page.Text($" and {Figures.Count(ids.Count - ids.First.Count)} more");
        page.Close().Close().Line();
    }
}
