using System.Text.Json.Nodes;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>A report's cells as figures for the index.</summary>
internal static class EvaluationFigures
{
    /// <summary>The scores, and the cost under names that begin with <c>cost.</c>.</summary>
    public static IEnumerable<MetricValue> Of(ReportCell cell)
    {
        foreach ((string name, MetricScore score) in cell.Metrics)
            yield return new MetricValue(cell.Cell, name, score.Score) { Signature = score.Signature, Low = score.Low, High = score.High };
        if (cell.Cost is not { } cost) yield break;
        yield return new MetricValue(cell.Cell, "cost.forwardPasses", cost.ForwardPasses);
        yield return new MetricValue(cell.Cell, "cost.tokens", cost.Tokens);
        if (cost.Seconds is { } seconds) yield return new MetricValue(cell.Cell, "cost.seconds", seconds);
    }

    /// <summary>Where the cell lies in its sweep and what it cost.</summary>
    public static SweepPoint Point(ReportCell cell) => new(cell.Cell)
    {
        Steps = (long?)cell.Steps,
        Preset = (string?)cell.Sampler?["preset"],
        LengthSource = (string?)cell.Sampler?["length"]?["source"],
        Temperature = (cell.Sampler?["temperature"] as JsonValue)?.GetValue<double>(),
        Sampler = cell.Sampler?.ToJsonString(),
        Items = cell.Cost?.Items,
        ForwardPasses = cell.Cost?.ForwardPasses,
        Tokens = cell.Cost?.Tokens,
        Seconds = cell.Cost?.Seconds,
        LatencyMedian = cell.Cost?.LatencyMedian,
        LatencyP95 = cell.Cost?.LatencyP95,
        Flops = cell.Cost?.Flops,
        PeakMemory = cell.Cost?.PeakMemory,
        PricePerThousandItems = cell.Cost?.PricePerThousandItems,
        Currency = cell.Cost?.Currency,
    };
}
