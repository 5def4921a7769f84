using System.Text.Json;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Running;

/// <summary>A <c>report.json</c> as a table: a row for each cell, a column for each metric, and the cost.</summary>
internal static class ReportTable
{
    static readonly (string Field, string Heading)[] s_costs =
        [("forwardPassesPerItem", "passes/item"), ("forwardPasses", "passes"), ("seconds", "seconds"), ("tokensPerSecond", "tokens/s")];

    /// <summary>Reads a report folder; null where it has no report.</summary>
    /// <param name="folder">The folder of an evaluate job's output.</param>
    /// <param name="title">The table's title, or null.</param>
    public static TextTable? Read(string folder, string? title)
    {
        string path = Path.Combine(folder, "report.json");
        if (!File.Exists(path)) return null;
        using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement[] cells = [.. report.RootElement.GetProperty("cells").EnumerateArray()];
        string[] metrics = [.. cells.SelectMany(c => c.GetProperty("metrics").EnumerateObject()).Select(m => m.Name)
            .Distinct(StringComparer.Ordinal)];
        var costs = s_costs.Where(cost => cells.Any(cell => Cost(cell, cost.Field) is not null)).ToArray();
        var table = new TextTable(["cell", .. metrics, .. costs.Select(c => c.Heading)]) { Title = title };
        foreach (JsonElement cell in cells)
        {
            table.Add([cell.GetProperty("cell").GetString()!,
                .. metrics.Select(m => Score(cell, m) is { } score ? Figures.Score(score) : ""),
                .. costs.Select(c => Cost(cell, c.Field) is { } cost ? c.Field == "forwardPasses"
                    ? Figures.Count((long)cost)
                    : Figures.Amount(cost) : "")]);
        }
        return table;
    }

    static double? Score(JsonElement cell, string metric) =>
        cell.GetProperty("metrics").TryGetProperty(metric, out var value) ? Number(value, "score") : null;

    static double? Cost(JsonElement cell, string field) => cell.TryGetProperty("cost", out var cost) ? Number(cost, field) : null;

    // Figures that aren't known are null in the report.
    static double? Number(JsonElement value, string field) =>
        value.TryGetProperty(field, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;
}
