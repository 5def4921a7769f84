using System.Globalization;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Seconds against length, a curve a series of cells that differ in their length alone.</summary>
internal sealed class LatencySection : IPageSection
{
    /// <inheritdoc/>
    public string Id => CurveChart.Latency;

    /// <inheritdoc/>
    public string Title => "Seconds against length";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => CurveChart.SecondsByLength(report).Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        var curves = CurveChart.SecondsByLength(report);
        double[] lengths = [.. curves.SelectMany(c => c.Points).Select(p => p.X).Distinct().Order()];
        page.Element("div", "", ("class", "app")).Line();
        page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", 0), ("aria-label", "Table of seconds by length"))
            .Open("table", ("class", "sortable")).Open("thead").Open("tr").Element("th", "median seconds of an item", ("scope", "col"));
        foreach (double length in lengths) page.Element("th", $"{Figures.Quantity(length)} tokens", ("scope", "col"));
        page.Close().Close().Open("tbody").Line();
        foreach (var curve in curves)
        {
            page.Open("tr").Element("th", curve.Name.Length > 0 ? curve.Name : "all", ("scope", "row"));
            foreach (double length in lengths)
            {
                double[] seconds = [.. curve.Points.Where(p => p.X == length).Select(p => p.Y)];
                if (seconds.Length == 0) page.Element("td", Figures.Unknown);
                else
                    page.Element("td", Figures.Quantity(seconds[0]),
                        ("data-value", seconds[0].ToString("R", CultureInfo.InvariantCulture)));
            }
            page.Close().Line();
        }
        page.Close().Close().Close().Line();
    }
}
