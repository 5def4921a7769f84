using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Evaluation.Cost;

/// <summary>
/// What a cell cost, which stands among the metrics and is no score of texts: it is the price that it adds to what the job measured.
/// </summary>
/// <param name="spec">The price and its currency.</param>
[Strategy("cost", "forward passes, tokens per second and seconds of each cell, with their price where one is given",
    Settings = [nameof(MetricSpec.PricePerHour), nameof(MetricSpec.Currency)])]
public sealed class CostMetric(MetricSpec spec)
{
    /// <summary>The cost with its price.</summary>
    public CellCost Priced(CellCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        return cost with { PricePerHour = spec.PricePerHour, Currency = spec.Currency };
    }
}
