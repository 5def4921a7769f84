using System.Globalization;
using System.Text.Json.Nodes;
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
        IReadOnlyList<string> metrics = report.Metrics;
        bool cost = report.Cells.Any(c => c.Cost is not null), priced = report.Cells.Any(c => c.Cost?.PricePerThousandItems is not null);
        string? currency = report.Cells.Select(c => c.Cost?.Currency).FirstOrDefault(c => c is not null) ?? "price";
        page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", 0), ("aria-label", "Table of cells"))
            .Open("table", ("class", "sortable")).Line();
        page.Open("thead").Open("tr").Element("th", "cell", ("scope", "col"));
        string[] costs = cost ? ["passes / item", "s / item", "median s", "p95 s", "tokens / s", "tokens / pass", "GFLOP / item",
            .. priced ? (string[])[$"{currency} / 1,000 items".TrimStart()] : []] : [];
        foreach (string column in (string[])[.. metrics, .. costs]) page.Element("th", column, ("scope", "col"));
        page.Close().Close().Line().Open("tbody").Line();
        foreach (var cell in report.Cells)
        {
            page.Open("tr").Open("th", ("scope", "row")).Text(cell.Cell);
            if (Settings(cell.Sampler) is { Length: > 0 } settings) page.Element("span", settings, ("class", "range"));
            if (cell.Approximation is not null) page.Element("span", "approximate: " + cell.Approximation, ("class", "range"));
            if (cell.Verification is { Items: > 0 } verified) page.Element("span", Verified(report, verified), ("class", "range"));
            page.Close();
            foreach (string metric in metrics)
                WriteScore(page, cell.Score(metric), Figures.Decimals(report, metric), IsBest(report, metric, cell.Score(metric)));
            if (cost)
            {
                foreach (double? value in (double?[])[cell.Cost?.ForwardPassesPerItem, cell.Cost?.SecondsPerItem, cell.Cost?.LatencyMedian,
                    cell.Cost?.LatencyP95, cell.Cost?.TokensPerSecond, cell.Cost?.TokensPerPass, cell.Cost?.FlopsPerItem / 1e9])
                    WriteQuantity(page, value);
                if (priced) WriteQuantity(page, cell.Cost?.PricePerThousandItems);
            }
            page.Close().Line();
        }
        page.Close().Close().Close().Line();
        WriteSignatures(page, report, metrics);
    }

    static string Verified(EvaluationReport report, ReportVerification verified)
    {
        string items = verified.Items == 1 ? "1 item" : $"{verified.Items} items";
        var differences = verified.Differences.Select(d =>
        {
            int decimals = Figures.Decimals(report, d.Metric);
            return $"; {d.Metric} {Figures.Score(d.Difference, decimals)} "
                + $"({Figures.Score(d.Low, decimals)} to {Figures.Score(d.High, decimals)})";
        });
        return string.Create(CultureInfo.InvariantCulture,
            $"against {items} sampled exactly: {verified.EqualTokens:P1} of the tokens are the same") + string.Concat(differences);
    }

    /// <summary>Strategy, length source and temperature, which belong beside every score.</summary>
    static string Settings(JsonObject? sampler)
    {
        if (sampler is null) return "";
        var parts = new List<string>();
        foreach (string field in (string[])["preset", "reMask", "order", "schedule"])
            if (sampler[field] is JsonValue value) parts.Add(value.ToString());
        if (sampler["length"] is JsonObject length)
            parts.Add($"length {length["source"]}{(length["beam"] is JsonValue beam && beam.ToString() != "1" ? $", beam {beam}" : "")}");
        if (sampler["temperature"] is JsonValue temperature) parts.Add($"temperature {temperature}");
        return string.Join(", ", parts);
    }

    static void WriteQuantity(Markup page, double? value) => page.Element("td", Figures.Quantity(value), ("data-value", Value(value)));

    /// <summary>A number for the sorting; null where it isn't known.</summary>
    static string? Value(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : null;

    static void WriteScore(Markup page, MetricScore? score, int decimals, bool best)
    {
        page.Open("td", ("data-value", Value(score?.Score)));
        if (score is null) page.Text(Figures.Unknown);
        else if (best) page.Element("strong", Figures.Score(score.Score, decimals));
        else page.Text(Figures.Score(score.Score, decimals));
        if (score is { Low: { } low, High: { } high })
            page.Element("span", $"{Figures.Score(low, decimals)} to {Figures.Score(high, decimals)}", ("class", "range"));
        foreach (var (convention, value) in score?.Conventions ?? [])
            page.Element("span", $"{convention} {Figures.Score(value, decimals)}", ("class", "range"));
        page.Close();
    }

    /// <summary>Whether no cell's score is better, where the metric says what is.</summary>
    static bool IsBest(EvaluationReport report, string metric, MetricScore? score) =>
        score is not null && report.Cells.Count > 1 && score.Better != MetricDirection.Neither
        && report.Cells.All(c => c.Score(metric) is not { } other
            || (score.Better == MetricDirection.Higher ? other.Score <= score.Score : other.Score >= score.Score));

    static void WriteSignatures(Markup page, EvaluationReport report, IReadOnlyList<string> metrics)
    {
        foreach (string metric in metrics)
        {
            page.Open("p", ("class", "note")).Text(metric + ": ");
            page.Element("code", string.Join("; ",
                report.Cells.Select(c => c.Score(metric)?.Signature).OfType<string>().Distinct(StringComparer.Ordinal))).Close().Line();
        }
    }
}
