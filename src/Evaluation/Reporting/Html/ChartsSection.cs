namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Where the script draws quality against steps and cost, and names the cheapest setting that is good enough.</summary>
internal sealed class ChartsSection : IPageSection
{
    /// <inheritdoc/>
    public string Id => "charts";

    /// <inheritdoc/>
    public string Title => "Quality against cost";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => report.Cells.Count > 1 && report.Metrics.Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        page.Element("div", "", ("class", "app")).Line();
        string intervals = report.Statistics is null ? "" : "Lines and bands along the marks are 95 % bootstrap intervals over items. ";
        page.Element("p", intervals + "The dashed line joins the settings that no other one beats in both cost and quality, with their steps beside them; hollow marks are beaten. A ring marks the cheapest setting that is good enough.", ("class", "note")).Line();
    }
}
