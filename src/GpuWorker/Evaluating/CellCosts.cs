using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Pipeline.Results;
using Cost = DiffusionBatch.Evaluation.Cost.CellCost;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>What a cell's results cost, from the job that made them, or else from their lines.</summary>
internal static class CellCosts
{
    /// <summary>The cost; null where it wasn't asked for or nobody knows. Only the job knows times and operations.</summary>
    public static Cost? Of(CellScoring scoring, CellRecord? record, CostMetric? metric)
    {
        if (metric is null) return null;
        Cost? cost = record is { Cost: { } known }
            ? new Cost(scoring.Texts, known.Nfe, known.Tokens, known.Seconds)
            {
                LatencyMedian = known.LatencyMedian,
                LatencyP95 = known.LatencyP95,
                Flops = known.Flops,
                PeakMemory = known.PeakMemory
            }
            : scoring is { Nfe: { } nfe, Tokens: { } tokens } ? new Cost(scoring.Texts, nfe, tokens, null)
            : null;
        return cost is null ? null : metric.Priced(cost);
    }
}
