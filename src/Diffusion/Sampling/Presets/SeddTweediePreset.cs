using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Scores;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>Tweedie tau-leaping: the best step that draws slots independently, if the scores are true (theorem 4.2 of the paper).</summary>
[Strategy("sedd-tweedie", "SEDD: S steps by the discrete Tweedie theorem, which need fewer than Euler's, and a closing one, tokens drawn "
    + "(temperature 0 means 1); for checkpoints trained by `sedd-absorb` and `sedd-uniform`",
    Settings = [nameof(SamplerSettings.Eps)], Traits = [StrategyTraits.Scores])]
public sealed class SeddTweediePreset : SeddPreset
{
    /// <inheritdoc/>
    protected override void Predict(ScoreDiffusion diffusion, ReadOnlySpan<double> scores, int current, double t, double dt,
        Span<double> p) =>
        diffusion.Graph.Tweedie(scores, current, diffusion.Noise.Sigma(t) - diffusion.Noise.Sigma(t - dt), p);
}
