using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Lengths;

namespace DiffusionBatch.Diffusion.Sampling.LengthSources;

/// <summary>The length predictor's likeliest lengths; of several, the candidate with the best score is kept.</summary>
[Strategy("predicted", "by the model's length predictor", Settings = [nameof(LengthSettings.Beam)])]
public sealed class PredictedLength : LengthSource
{
    /// <inheritdoc/>
    public override bool NeedsPredictor => true;

    /// <inheritdoc/>
    public override LengthPlan Plan(SampleItem item, LengthSettings settings, float[]? predictorLogits, int usablePositions) =>
        predictorLogits is null
        ? LengthPlan.Failed(ItemError.NoLength, "The length is to be predicted, and the model has no length predictor.")
        : new LengthPlan(LengthBeam.Candidates(predictorLogits, settings.Beam, LengthPlan.Longest(item, usablePositions)), null);
}
