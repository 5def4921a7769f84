namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Where the script lists items with two cells' texts and their differences.</summary>
internal sealed class ItemsSection : IPageSection
{
    /// <inheritdoc/>
    public string Id => "items";

    /// <inheritdoc/>
    public string Title => "Items";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => report.Items.Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        if (report.Items.Count < report.TotalItems)
            page.Element("p", $"This page carries the first {Figures.Count(report.Items.Count)} of {Figures.Count(report.TotalItems)} items; the predictions' own files have all.", ("class", "note")).Line();
        page.Element("div", "", ("class", "app")).Line();
        page.Element("p", "Printed are the items that the list shows first.", ("class", "note print-only")).Line();
    }
}
