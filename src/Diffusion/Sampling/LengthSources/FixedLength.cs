using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Diffusion.Sampling.LengthSources;

/// <summary>The same length for all items.</summary>
[Strategy("fixed", "the same for all", Settings = ["value!"])]
public sealed class FixedLength : LengthSource
{
    /// <inheritdoc/>
    public override LengthPlan Plan(SampleItem item, LengthSettings settings, float[]? predictorLogits, int usablePositions) =>
        LengthPlan.Given(item, settings.Value ?? throw new ArgumentException("The length source \"fixed\" has no value.", nameof(settings)),
            usablePositions);
}
