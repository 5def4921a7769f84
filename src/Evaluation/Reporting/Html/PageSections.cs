namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>A part of the page under a heading of its own.</summary>
internal interface IPageSection
{
    /// <summary>Its anchor.</summary>
    string Id { get; }

    /// <summary>Its heading.</summary>
    string Title { get; }

    /// <summary>Whether the report has something for it.</summary>
    bool Applies(EvaluationReport report);

    /// <summary>Writes what stands under the heading.</summary>
    void Write(Markup page, EvaluationReport report);
}

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
        page.Element("p", intervals + "The dashed line joins the settings that no other one beats in both cost and quality, with their "
            + "steps beside them; hollow marks are beaten. A ring marks the cheapest setting that is good enough.",
                ("class", "note")).Line();
    }
}

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
            page.Element("p", $"This page carries the first {Figures.Count(report.Items.Count)} "
                + $"of {Figures.Count(report.TotalItems)} items; the predictions' own files have all.", ("class", "note")).Line();
        page.Element("div", "", ("class", "app")).Line();
        page.Element("p", "Printed are the items that the list shows first.", ("class", "note print-only")).Line();
    }
}

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
            foreach (var (what, ids) in ((string, IdList)[])[("References without a prediction", join.Missing),
                ("Predictions without a reference", join.Extra), ("Predictions with an id that came before", join.Duplicate)])
                if (ids.Count > 0) Write(page, $"{what} in {join.Cell}: {Figures.Count(ids.Count)}", ids);
    }

    static void Write(Markup page, string title, IdList ids)
    {
        page.Open("details").Element("summary", title).Open("p", ("class", "ids")).Text(string.Join(", ", ids.First));
        if (ids.Count > ids.First.Count) page.Text($" and {Figures.Count(ids.Count - ids.First.Count)} more");
        page.Close().Close().Line();
    }
}
