using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// MaskGIT's decoding (Chang et al. 2022, arXiv 2202.04200, section 3.2; its published parallel_decode): every pass predicts all open
/// slots, and floor(N r(s / S)) of the least certain, at least one and never all, are left open; the last pass writes the rest.
/// </summary>
[Strategy("maskgit", "leaves after each step the least probable of the open positions open, as many as `schedule` says, and never opens "
    + "a written one",
    Settings = [nameof(SamplerSettings.Schedule), nameof(SamplerSettings.EndAtEos)])]
public sealed class MaskGitPreset : BlockPreset
{
    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var ranked = Ranked(x, 0, x.Slots.Length, scores, buffers);
        int left = x.Step >= x.Settings.Steps
            ? 0
            : Math.Max(1, Math.Min(ranked.Length - 1, MaskCounts.Remaining(x.Settings.Schedule, x.Slots.Length, x.Step, x.Settings.Steps)));
        Write(x, ranked[..(ranked.Length - left)], predicted, scores, buffers);
    }
}
