using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// The reparameterized sampler (Zheng et al. 2023, section 4.3; Ye et al. 2023): each step leaves the K_s lowest-ranked slots masked
/// and writes the others; which written slots may be masked again is a choice (<see cref="RdmStep"/>).
/// </summary>
[Strategy("rdm", "fills the most certain positions first, in parallel",
    Settings = [nameof(SamplerSettings.ReMask), nameof(SamplerSettings.Order), nameof(SamplerSettings.Noise), "schedule=cosine|linear"])]
public sealed class RdmPreset : SamplerPreset
{
    /// <inheritdoc/>
    public override bool IsRandom(SamplerSettings settings) => settings is { Order: RankingOrder.Stochastic, Noise: > 0 };

    /// <inheritdoc/>
    public override SamplerSettings Canonical(SamplerSettings settings) =>
        base.Canonical(IsRandom(settings) ? settings : settings with { Order = RankingOrder.Deterministic });

    /// <inheritdoc/>
    public override bool IsSettled(in Denoising x) => Keep(x) == 0;

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x) => SlotNeed.All(x, openOnly: Keep(x) == 0);

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var settings = x.Settings;
        double noise = settings.Order == RankingOrder.Stochastic ? settings.Noise * MaskCounts.Rate(settings.Schedule, x.Step, settings.Steps) : 0;
        RdmStep.Apply(x.Slots, x.WrittenScores, predicted, scores, Keep(x), settings.ReMask, noise, x.Draws.At(1), x.Mask, buffers);
    }

    // K_s.
    static int Keep(in Denoising x) => MaskCounts.Remaining(x.Settings.Schedule, x.Slots.Length, x.Step, x.Settings.Steps);
}
