namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Where the script plays traces: tokens appear, change and are masked again step by step.</summary>
internal sealed class DenoisingSection : IPageSection
{
    /// <inheritdoc/>
    public string Id => "denoising";

    /// <inheritdoc/>
    public string Title => "Denoising, step by step";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => report.Traces is not null;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        page.Element("p", report.Traces!.Note, ("class", "note")).Line();
        page.Element("div", "", ("class", "app")).Line();
    }
}
