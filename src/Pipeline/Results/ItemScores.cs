using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>
/// A line of <c>OUTPUT/scores.jsonl</c>: an item's own scores, <c>{"cell","id","metrics":{"chrf":54.2,...}}</c>. Each line has the same
/// metrics; one that has no score for an item is null there.
/// </summary>
/// <param name="Cell">The cell.</param>
/// <param name="Id">The item's id.</param>
/// <param name="Metrics">The scores by label.</param>
public sealed record ItemScores(string Cell, string Id, IReadOnlyList<KeyValuePair<string, double?>> Metrics)
{
    /// <summary>The file's name inside a report's folder.</summary>
    public const string FileName = "scores.jsonl";

    /// <summary>A metric's score; null where the item has none.</summary>
    public double? Of(string metric) => Metrics.FirstOrDefault(m => m.Key == metric).Value;

    /// <summary>Reads a line; null where it is none.</summary>
    public static ItemScores? Parse(string line)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(line);
            return root?["cell"] is { } cell && root["id"] is { } id && root["metrics"] is JsonObject metrics
                ? new ItemScores((string)cell!, (string)id!, [.. metrics.Select(m => KeyValuePair.Create(m.Key, (double?)m.Value))])
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
