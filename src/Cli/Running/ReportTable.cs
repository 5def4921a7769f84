using System.Text.Json;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Running;

/// <summary>A <c>report.json</c> as a table: a row for each cell, a column for each metric and figure of cost.</summary>
internal static class ReportTable
{
    /// <summary>Reads a report folder; null where it has no report.</summary>
    /// <param name="folder">The folder of an evaluate job's output.</param>
    /// <param name="title">The table's title, or null.</param>
    public static TextTable? Read(string folder, string? title)
    {
        string path = Path.Combine(folder, "report.json");
        if (!File.Exists(path)) return null;
        using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement[] cells = [.. report.RootElement.GetProperty("cells").EnumerateArray()];
        string[] metrics = [.. Names(cells, "metrics")], costs = [.. Names(cells, "cost")];
        var table = new TextTable(["cell", .. metrics, .. costs]) { Title = title };
        foreach (JsonElement cell in cells)
        {
            table.Add([cell.GetProperty("cell").GetString()!,
                .. metrics.Select(m => Part(cell, "metrics", m) is { ValueKind: JsonValueKind.Object } v && v.TryGetProperty("score", out var score) ? Figures.Score(score.GetDouble()) : ""),
                .. costs.Select(c => Part(cell, "cost", c) is { ValueKind: JsonValueKind.Number } v ? Figures.Measure(v.GetDouble()) : "")]);
        }
        return table;
    }

    // The names of the members in the order of their first appearance; members that hold no figure are left out.
    static IEnumerable<string> Names(JsonElement[] cells, string part) =>
        cells.Where(c => c.TryGetProperty(part, out var p) && p.ValueKind == JsonValueKind.Object)
            .SelectMany(c => c.GetProperty(part).EnumerateObject())
            .Where(m => m.Value.ValueKind == JsonValueKind.Number || m.Value.ValueKind == JsonValueKind.Object && m.Value.TryGetProperty("score", out _))
            .Select(m => m.Name).Distinct(StringComparer.Ordinal);

    static JsonElement Part(JsonElement cell, string part, string name) =>
        cell.TryGetProperty(part, out var p) && p.ValueKind == JsonValueKind.Object && p.TryGetProperty(name, out var value) ? value : default;
}
