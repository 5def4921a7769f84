using System.Globalization;
using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>The comparisons of cells: differences with their intervals, and whether chance could have made them.</summary>
internal sealed class ComparisonsSection : IPageSection
{
    const double Level = 0.05;

    /// <inheritdoc/>
    public string Id => "comparisons";

    /// <inheritdoc/>
    public string Title => "Comparisons";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => report.Comparisons.Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        page.Element("p", "Pairs of cells over the items that both have. p: how probable a difference at least as large is between cells "
            + "that are alike, by approximate randomisation and by the paired bootstrap, corrected for the number of comparisons of a "
            + "metric (Benjamini and Hochberg).", ("class", "note")).Line();
        foreach (var metric in report.Comparisons.GroupBy(c => c.Metric))
        {
            int decimals = Figures.Decimals(report, metric.Key);
            page.Element("h3", metric.Key).Line();
            page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", 0), ("aria-label", $"Comparisons of {metric.Key}"))
                .Open("table", ("class", "sortable")).Line();
            page.Open("thead").Open("tr");
            foreach (string column in (string[])["cells", "items", "difference", "p, randomisation", "p, bootstrap", "at 5 %"])
                page.Element("th", column, ("scope", "col"));
            page.Close().Close().Line().Open("tbody").Line();
            foreach (var comparison in metric) WriteRow(page, comparison, decimals);
            page.Close().Close().Close().Line();
        }
    }

    static void WriteRow(Markup page, CellComparison comparison, int decimals)
    {
        page.Open("tr").Element("th", $"{comparison.First} against {comparison.Second}", ("scope", "row"));
        page.Element("td", Figures.Count(comparison.Items), ("data-value", comparison.Items));
        page.Open("td", ("data-value", Value(comparison.Difference))).Text(Figures.Score(comparison.Difference, decimals));
        page.Element("span", $"{Figures.Score(comparison.Low, decimals)} to {Figures.Score(comparison.High, decimals)}", ("class", "range"))
            .Close();
        page.Element("td", Figures.Score(comparison.Randomization.Corrected, 3), ("data-value", Value(comparison.Randomization.Corrected)));
        page.Element("td", Figures.Score(comparison.Bootstrap.Corrected, 3), ("data-value", Value(comparison.Bootstrap.Corrected)));
        page.Element("td", comparison.Randomization.Corrected <= Level
            && comparison.Bootstrap.Corrected <= Level ? "different" : "could be chance");
        page.Close().Line();
    }

    static string? Value(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : null;
}
