using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Scores;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Euler's method: a slot's token leaves at the reverse process's rates as they are at the step's beginning (section 4.1 of the paper).
/// </summary>
[Strategy("sedd-euler", "SEDD: S steps of the reverse process by Euler's method and a closing one, tokens drawn (temperature 0 means 1); "
    + "for checkpoints trained by `sedd-absorb` and `sedd-uniform`",
    Settings = [nameof(SamplerSettings.Eps)], Traits = [StrategyTraits.Scores])]
public sealed class SeddEulerPreset : SeddPreset
{
    /// <inheritdoc/>
    protected override void Predict(ScoreDiffusion diffusion, ReadOnlySpan<double> scores, int current, double t, double dt,
        Span<double> p) =>
        diffusion.Graph.Euler(scores, current, dt * diffusion.Noise.Rate(t), p);
}
