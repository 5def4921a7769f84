namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Items with their source, their references and every cell's text.</summary>
internal sealed class ItemsSection : IPageSection
{
    const int Most = 50;

    /// <inheritdoc/>
    public string Id => "items";

    /// <inheritdoc/>
    public string Title => "Items";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => report.Items.Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        int shown = Math.Min(Most, report.Items.Count);
        if (shown < report.TotalItems)
            page.Element("p", $"The first {Figures.Count(shown)} of {Figures.Count(report.TotalItems)}.", ("class", "note")).Line();
        foreach (var item in report.Items.Take(shown))
        {
            page.Open("article").Element("h3", item.Id).Open("dl").Line();
            if (item.Source is not null) Entry(page, "source", item.Source);
            foreach (string reference in item.References) Entry(page, "reference", reference);
            foreach (var (cell, hypothesis) in report.Cells.Zip(item.Hypotheses)) Entry(page, cell.Cell, hypothesis, item.References);
            page.Close().Close().Line();
        }
    }

    static void Entry(Markup page, string name, string text) => page.Element("dt", name).Element("dd", text, ("dir", "auto")).Line();

    static void Entry(Markup page, string cell, ReportHypothesis hypothesis, IReadOnlyList<string> references)
    {
        page.Element("dt", cell).Open("dd", ("dir", "auto"));
        if (hypothesis.Text is null) page.Element("span", hypothesis.Error ?? "no text", ("class", hypothesis.Error is null ? "missing" : "error"));
        else page.Text(hypothesis.Text);
        if (hypothesis.Text is not null && references.Contains(hypothesis.Text, StringComparer.Ordinal)) page.Element("span", "= reference", ("class", "same"));
        page.Close().Line();
    }
}
