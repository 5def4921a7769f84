using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>The claims that were tested, each with its verdict and the numbers behind it.</summary>
internal sealed class FindingsSection : IPageSection
{
    /// <inheritdoc/>
    public string Id => "findings";

    /// <inheritdoc/>
    public string Title => "Findings";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => report.Findings.Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        page.Element("p", "A claim holds where the 95 % bootstrap interval of the difference lies above what is claimed, doesn't hold "
            + "where it lies below, and is underpowered where it doesn't tell. Of several seeds the mean difference is tested; their "
            + "range stands beside it.", ("class", "note")).Line();
        page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", 0), ("aria-label", "Findings")).Open("table").Line();
        page.Open("thead").Open("tr");
        foreach (string column in (string[])["claim", "verdict", "metric", "better by", "claimed", "seeds"])
            page.Element("th", column, ("scope", "col"));
        page.Close().Close().Line().Open("tbody").Line();
        foreach (var finding in report.Findings) WriteRow(page, finding, Figures.Decimals(report, finding.Metric));
        page.Close().Close().Close().Line();
    }

    static void WriteRow(Markup page, FindingResult finding, int decimals)
    {
        page.Open("tr").Open("th", ("scope", "row")).Text(finding.Claim);
        page.Element("span", string.Join("; ", finding.Pairs.Select(pair => $"{pair.Better} against {pair.Than}")), ("class", "range"))
            .Close();
        page.Open("td").Element("strong",
            finding.Verdict switch { Verdict.Holds => "holds", Verdict.DoesNotHold => "doesn't hold", _ => "underpowered" }).Close();
        page.Element("td", finding.Metric);
        page.Open("td").Text(Figures.Score(finding.Difference, decimals));
        page.Element("span", $"{Figures.Score(finding.Low, decimals)} to {Figures.Score(finding.High, decimals)}", ("class", "range"))
            .Close();
        page.Element("td", finding.By == 0 ? "better" : $"by {Figures.Score(finding.By, decimals)}");
        page.Element("td", finding.Pairs.Count < 2 ? $"{finding.Pairs.Count}"
            : $"{finding.Pairs.Count}: {Figures.Score(finding.Pairs.Min(pair => pair.Difference), decimals)} "
                + $"to {Figures.Score(finding.Pairs.Max(pair => pair.Difference), decimals)}");
        page.Close().Line();
    }
}
