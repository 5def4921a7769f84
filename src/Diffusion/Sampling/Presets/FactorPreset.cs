using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Fast-dLLM's factor rule (Wu et al. 2025, arXiv 2505.22618, theorem 1): the n best tokens of a block for the largest n with 1 - p(n) at
/// most f / (n + 1).
/// </summary>
[Strategy("factor", "writes the n best tokens of a block for the largest n at which 1 - p(n) is at most `factor` / (n + 1), at least one",
    Settings = [nameof(SamplerSettings.BlockLength), nameof(SamplerSettings.Factor), nameof(SamplerSettings.EndAtEos),
        "cache=none|prefix|dual"], Traits = [StrategyTraits.AtOnce])]
public sealed class FactorPreset : BlockPreset
{
    const double Usual = 1;

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var (from, to) = Block(x);
        var ranked = Ranked(x, from, to, scores, buffers);
        int count = 1;
        for (int n = 1; n <= ranked.Length; n++)
            if (1 - Math.Exp(-ranked[n - 1].Value) <= (x.Settings.Factor ?? Usual) / (n + 1)) count = n;
        Write(x, ranked[..count], predicted, scores, buffers);
    }
}
