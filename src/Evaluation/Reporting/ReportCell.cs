using System.Globalization;
using System.Text.Json.Nodes;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>One cell of a sweep with its scores.</summary>
/// <param name="Cell">Its name, such as <c>steps=8,length.beam=5</c>.</param>
/// <param name="Sampler">Its sampler settings; null where they aren't known.</param>
/// <param name="Metrics">Its scores by name, in the order to show them.</param>
/// <param name="Cost">What it cost; null where that wasn't asked for.</param>
public sealed record ReportCell(string Cell, JsonObject? Sampler, IReadOnlyList<KeyValuePair<string, MetricScore>> Metrics, CellCost? Cost = null)
{
    const string StepsField = "steps";

    /// <summary>Denoising steps, from the settings or else the name; null where neither says.</summary>
    public double? Steps
    {
        get
        {
            if (Sampler?[StepsField] is JsonValue value && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double steps)) return steps;
            string? part = Array.Find(Cell.Split(','), p => p.StartsWith(StepsField + "=", StringComparison.Ordinal));
            return part is not null && double.TryParse(part.AsSpan(StepsField.Length + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out steps) ? steps : null;
        }
    }

    /// <summary>The name without its steps: cells that differ in steps alone lie on one line of a chart.</summary>
    public string Series => string.Join(',', Cell.Split(',').Where(p => !p.StartsWith(StepsField + "=", StringComparison.Ordinal)));

    /// <summary>A score by name, or null.</summary>
    public MetricScore? Score(string metric) => Metrics.FirstOrDefault(m => m.Key == metric).Value;
}
