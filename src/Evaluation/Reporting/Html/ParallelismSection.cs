using System.Globalization;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Scores against the tokens that a pass writes, a curve a series, with the area under each.</summary>
internal sealed class ParallelismSection : IPageSection
{
    /// <inheritdoc/>
    public string Id => CurveChart.Parallelism;

    /// <inheritdoc/>
    public string Title => "Quality against parallelism";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => ParallelCurve.Of(report).Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        page.Element("div", "", ("class", "app")).Line();
        foreach (var curves in ParallelCurve.Of(report).GroupBy(c => c.Metric, StringComparer.Ordinal))
        {
            page.Element("h3", curves.Key).Line();
            page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", 0),
                ("aria-label", $"Table of {curves.Key} by parallelism")).Open("table", ("class", "sortable")).Open("thead").Open("tr");
            foreach (string column in (string[])["series", "AUP", "tokens / pass: score"]) page.Element("th", column, ("scope", "col"));
            page.Close().Close().Open("tbody").Line();
            foreach (var curve in curves)
            {
                page.Open("tr").Element("th", curve.Series.Length > 0 ? curve.Series : "all", ("scope", "row"));
                page.Element("td", Figures.Quantity(curve.Area), ("data-value", curve.Area.ToString("R", CultureInfo.InvariantCulture)));
                page.Element("td", string.Join(", ",
                    curve.Points.Select(p => $"{Figures.Quantity(p.TokensPerPass)}: {Figures.Score(p.Score, 2)}"))).Close().Line();
            }
            page.Close().Close().Close().Line();
        }
        page.Element("p", "AUP is the area under each curve, from 0 tokens a pass on; scores below the best one count for less, and "
            + "cells more than 5 below the least parallel of their series for nothing (Qian et al. 2026).", ("class", "note")).Line();
    }
}
