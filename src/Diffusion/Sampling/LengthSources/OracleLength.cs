using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Diffusion.Sampling.LengthSources;

/// <summary>The length of the item's target.</summary>
[Strategy("oracle", "the length of the line's target")]
public sealed class OracleLength : LengthSource
{
    /// <inheritdoc/>
    public override LengthPlan Plan(SampleItem item, LengthSettings settings, float[]? predictorLogits, int usablePositions) =>
        item.OracleLength is { } length
        ? LengthPlan.Given(item, length, usablePositions)
        : LengthPlan.Failed(ItemError.NoTarget, "The length comes from the target, and this item has none.");
}
