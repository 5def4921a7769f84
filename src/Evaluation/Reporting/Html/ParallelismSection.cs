using System.Globalization;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Scores against the tokens that a pass writes, a curve a series, with the area under each.</summary>
internal sealed class ParallelismSection : IPageSection
{
    const int Width = 320, Height = 140, Margin = 8;

    /// <inheritdoc/>
    public string Id => "parallelism";

    /// <inheritdoc/>
    public string Title => "Quality against parallelism";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => ParallelCurve.Of(report).Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        foreach (var curves in ParallelCurve.Of(report).GroupBy(c => c.Metric, StringComparer.Ordinal))
        {
            page.Element("h3", curves.Key).Line();
            double most = curves.SelectMany(c => c.Points).Max(p => p.TokensPerPass), best = curves.SelectMany(c => c.Points)
                .Max(p => p.Score);
            page.Open("svg", ("viewBox", $"0 0 {Width} {Height}"), ("class", "curves"), ("role", "img"),
                ("aria-label", $"{curves.Key} against tokens a pass"));
            foreach (var curve in curves)
                page.Open("polyline", ("points", Line(curve, most, best)), ("fill", "none"), ("stroke", "currentColor"))
                    .Element("title", curve.Series).Close();
            page.Close().Line();
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

    static string Line(ParallelCurve curve, double most, double best) =>
        string.Join(' ', curve.Points.Select(p => string.Create(CultureInfo.InvariantCulture,
        $"{Margin + ((Width - (2 * Margin)) * p.TokensPerPass / most):0.#},"
            + $"{Height - Margin - ((Height - (2 * Margin)) * (best > 0 ? p.Score / best : 0)):0.#}")));
}
