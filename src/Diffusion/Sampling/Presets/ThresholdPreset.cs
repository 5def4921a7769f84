using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Fast-dLLM's parallel decoding (Wu et al. 2025, arXiv 2505.22618, section 3.3): every token of a block whose probability is high enough,
/// and the best one always.
/// </summary>
[Strategy("threshold", "writes every token of a block whose probability is at least `threshold`, and always the best, in as many passes "
    + "as that takes",
    Settings = [nameof(SamplerSettings.BlockLength), nameof(SamplerSettings.Threshold), nameof(SamplerSettings.EndAtEos),
        "cache=none|prefix|dual"], Traits = [StrategyTraits.AtOnce])]
public sealed class ThresholdPreset : BlockPreset
{
    const double Usual = 0.9;

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var (from, to) = Block(x);
        var ranked = Ranked(x, from, to, scores, buffers);
        int count = 1;
        while (count < ranked.Length && Math.Exp(-ranked[count].Value) >= (x.Settings.Threshold ?? Usual)) count++;
        Write(x, ranked[..count], predicted, scores, buffers);
    }
}
