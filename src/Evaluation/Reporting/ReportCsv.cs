using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>
/// <c>report.csv</c> (RFC 4180, UTF-8): a row a cell; the settings as <c>sampler.*</c>, each metric with interval and signature,
/// the cost as <c>cost.*</c>. A text that a spreadsheet would take for a formula has a single quote before it.
/// </summary>
public static class ReportCsv
{
    /// <summary>The file's text.</summary>
    public static string ToText(EvaluationReport report)
    {
        var settings = report.Cells.Select(c => Flatten(c.Sampler)).ToList();
        string[] fields = [.. settings.SelectMany(s => s.Keys).Distinct(StringComparer.Ordinal)];
        IReadOnlyList<string> metrics = report.Metrics;
        bool cost = report.Cells.Any(c => c.Cost is not null);

        var text = new StringBuilder();
        List<string> row = ["cell", .. fields.Select(f => "sampler." + f),
            .. metrics.SelectMany(m => (string[])[m, m + ".low", m + ".high", m + ".spread", m + ".signature"])];
        if (cost)
            row.AddRange(["cost.items", "cost.forwardPasses", "cost.forwardPassesPerItem", "cost.tokens", "cost.seconds",
                "cost.secondsPerItem", "cost.tokensPerSecond", "cost.latencyMedian", "cost.latencyP95", "cost.flops", "cost.peakMemory",
                "cost.pricePerThousandItems", "cost.currency"]);
        Append(text, row);
        foreach (var (cell, setting) in report.Cells.Zip(settings))
        {
            row = [cell.Cell, .. fields.Select(f => setting.GetValueOrDefault(f, "")), .. metrics.SelectMany(m => Score(cell.Score(m)))];
            if (cost)
                row.AddRange([Number(cell.Cost?.Items), Number(cell.Cost?.ForwardPasses), Number(cell.Cost?.ForwardPassesPerItem),
                    Number(cell.Cost?.Tokens), Number(cell.Cost?.Seconds), Number(cell.Cost?.SecondsPerItem),
                    Number(cell.Cost?.TokensPerSecond), Number(cell.Cost?.LatencyMedian), Number(cell.Cost?.LatencyP95),
                    Number(cell.Cost?.Flops), Number(cell.Cost?.PeakMemory), Number(cell.Cost?.PricePerThousandItems), cell.Cost?.Currency
                        ?? ""]);
            Append(text, row);
        }
        return text.ToString();
    }

    static string[] Score(MetricScore? score) =>
        [Number(score?.Score), Number(score?.Low), Number(score?.High), Number(score?.Spread), score?.Signature ?? ""];

    static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    static void Append(StringBuilder text, IEnumerable<string> row) => text.AppendJoin(',', row.Select(Quoted)).Append("\r\n");

    static string Quoted(string value) => Escaped(IsFormula(value) ? "'" + value : value);

    /// <summary>
    /// Whether a spreadsheet would compute a text: OWASP's list of first characters, of either width; numbers are numbers.
    /// </summary>
    static bool IsFormula(string value) => value.Length > 0
        && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20'
        && !double.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out _);

    static string Escaped(string value) =>
        value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Settings by their dotted paths, such as <c>length.beam</c>.</summary>
    static Dictionary<string, string> Flatten(JsonObject? sampler)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        if (sampler is not null) Into(sampler, "");
        return flat;

        void Into(JsonObject node, string path)
        {
            foreach (var (name, value) in node)
            {
                if (value is JsonObject inner) Into(inner, path + name + ".");
                else flat[path + name] = value is JsonValue v && v.TryGetValue(out string? text) ? text : value?.ToJsonString() ?? "";
            }
        }
    }
}
