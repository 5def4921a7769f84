using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>The table of all cells: scores with their intervals, the best of each in bold, and the cost.</summary>
internal sealed class CellsSection : IPageSection
{
    /// <inheritdoc/>
    public string Id => "cells";

    /// <inheritdoc/>
    public string Title => "Cells";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => report.Cells.Count > 0;

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        string[] metrics = [.. report.Cells.SelectMany(c => c.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal)];
        bool cost = report.Cells.Any(c => c.Cost is not null), priced = report.Cells.Any(c => c.Cost?.PricePerThousandItems is not null);
        string? currency = report.Cells.Select(c => c.Cost?.Currency).FirstOrDefault(c => c is not null) ?? "price";
        page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", 0), ("aria-labelledby", Id + "-title")).Open("table").Line();
        page.Open("thead").Open("tr").Element("th", "cell", ("scope", "col"));
        string[] costs = cost ? ["passes / item", "passes", "s / item", "median s", "p95 s", "seconds", "tokens / s", "GFLOP / item", .. priced ? (string[])[$"{currency} / 1,000 items".TrimStart()] : []] : [];
        foreach (string column in (string[])[.. metrics, .. costs]) page.Element("th", column, ("scope", "col"));
        page.Close().Close().Line().Open("tbody").Line();
        foreach (var cell in report.Cells)
        {
            page.Open("tr").Element("th", cell.Cell, ("scope", "row"));
            foreach (string metric in metrics) WriteScore(page, cell.Score(metric), Figures.Decimals(report, metric), IsBest(report, metric, cell.Score(metric)));
            if (cost)
            {
                foreach (double? value in (double?[])[cell.Cost?.ForwardPassesPerItem, cell.Cost?.ForwardPasses, cell.Cost?.SecondsPerItem, cell.Cost?.LatencyMedian, cell.Cost?.LatencyP95, cell.Cost?.Seconds, cell.Cost?.TokensPerSecond, cell.Cost?.FlopsPerItem / 1e9])
                    page.Element("td", Figures.Quantity(value));
                if (priced) page.Element("td", Figures.Quantity(cell.Cost?.PricePerThousandItems));
            }
            page.Close().Line();
        }
        page.Close().Close().Close().Line();
        WriteSignatures(page, report, metrics);
    }

    static void WriteScore(Markup page, MetricScore? score, int decimals, bool best)
    {
        page.Open("td");
        if (score is null) page.Text(Figures.Unknown);
        else if (best) page.Element("strong", Figures.Score(score.Score, decimals));
        else page.Text(Figures.Score(score.Score, decimals));
        if (score is { Low: { } low, High: { } high }) page.Element("span", $"{Figures.Score(low, decimals)} to {Figures.Score(high, decimals)}", ("class", "range"));
        page.Close();
    }

    /// <summary>Whether no cell's score is better, where the metric says what is.</summary>
    static bool IsBest(EvaluationReport report, string metric, MetricScore? score) =>
        score is not null && report.Cells.Count > 1 && score.Better != MetricDirection.Neither
        && report.Cells.All(c => c.Score(metric) is not { } other || (score.Better == MetricDirection.Higher ? other.Score <= score.Score : other.Score >= score.Score));

    static void WriteSignatures(Markup page, EvaluationReport report, string[] metrics)
    {
        foreach (string metric in metrics)
        {
            page.Open("p", ("class", "note")).Text(metric + ": ");
            page.Element("code", string.Join("; ", report.Cells.Select(c => c.Score(metric)?.Signature).OfType<string>().Distinct(StringComparer.Ordinal))).Close().Line();
        }
    }
}
