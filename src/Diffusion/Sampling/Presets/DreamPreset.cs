using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Dream's sampler (Ye et al. 2025, arXiv 2508.15487; its published diffusion_generate): times fall evenly from 1 to eps; a step from t
/// to s writes floor(masked (1 - s / t)) slots, the most certain first, and the last all that are left.
/// </summary>
[Strategy("dream", "writes, as the time falls evenly from 1 to `eps`, the share of the masked positions that falls to each step, in the "
    + "order of `rank`",
    Settings = [nameof(SamplerSettings.Eps), "rank=probability|margin|entropy", nameof(SamplerSettings.TopK), nameof(SamplerSettings.TopP),
        nameof(SamplerSettings.EndAtEos)])]
public sealed class DreamPreset : BlockPreset
{
    const double Usual = 1e-3;

    /// <inheritdoc/>
    protected override ConfidenceRank RankOf(SamplerSettings settings) => settings.Rank ?? ConfidenceRank.Probability;

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var ranked = Ranked(x, 0, x.Slots.Length, scores, buffers);
        var settings = x.Settings;
        int steps = settings.Steps, count = x.Step >= steps ? ranked.Length : (int)(ranked.Length * (1 - Time(x.Step) / Time(x.Step - 1)));
        Write(x, ranked[..count], predicted, scores, buffers);

        double Time(int step) => 1 + ((Eps() - 1) * step / steps);
        double Eps() => settings.Eps ?? Usual;
    }
}
