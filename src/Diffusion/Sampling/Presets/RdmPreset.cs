using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// The reparameterized sampler (Zheng et al. 2023, section 4.3; Ye et al. 2023): each step leaves the K_s lowest-ranked slots masked
/// and writes the others; which written slots may be masked again is a choice (<see cref="RdmStep"/>).
/// </summary>
[Strategy("rdm", "fills the most certain positions first, in parallel",
    Settings = [nameof(SamplerSettings.ReMask), nameof(SamplerSettings.Order), nameof(SamplerSettings.Noise), "schedule=cosine|linear"])]
public class RdmPreset : SamplerPreset
{
    /// <inheritdoc/>
    public sealed override bool IsRandom(SamplerSettings settings) => settings is { Order: RankingOrder.Stochastic, Noise: > 0 };

    /// <inheritdoc/>
    public sealed override SamplerSettings Canonical(SamplerSettings settings) =>
        base.Canonical(IsRandom(settings) ? settings : settings with { Order = RankingOrder.Deterministic });

    /// <inheritdoc/>
    public sealed override bool Suits(SampledModel model) => model != SampledModel.Scores;

    /// <inheritdoc/>
    public sealed override bool IsSettled(in Denoising x) => Keep(x) == 0;

    /// <inheritdoc/>
    public sealed override SlotNeed Need(in Denoising x) => SlotNeed.All(x, openOnly: Keep(x) == 0);

    /// <inheritdoc/>
    public sealed override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var settings = x.Settings;
        double noise = settings.Order == RankingOrder.Stochastic
            ? settings.Noise * MaskCounts.Rate(settings.Schedule, x.Step, settings.Steps)
            : 0;
        RdmStep.Apply(x.Slots, x.WrittenScores, predicted, scores, Keep(x), settings.ReMask, noise, x.Draws.At(1), x.Mask, buffers);
        if (x.Noise is not null) Renoise(x);
    }

    /// <summary>
    /// What slots show that are or become noise, a draw of q(x_s | x_t) of the forward process (Zheng et al. 2023, equation 9): the token
    /// stays with probability alpha_t / alpha_s, times 1 - (s - 1) / S and 1 - s / S, and is drawn anew otherwise.
    /// </summary>
    private protected virtual void Renoise(in Denoising x)
    {
        var (noise, draws) = (x.Noise!, x.Draws.At(2));
        double stays = MultinomialNoise.Stays(noise.Alpha(1 - (x.Step - 1.0) / x.Settings.Steps),
            noise.Alpha(1 - (double)x.Step / x.Settings.Steps));
        for (int i = 0; i < x.Slots.Length; i++)
            if (x.Slots[i] == x.Mask && draws.At(i).Uniform(0) >= stays) x.Shown[i] = noise.Draw(draws.At(i).Uniform(1));
    }

    // K_s.
    static int Keep(in Denoising x) => MaskCounts.Remaining(x.Settings.Schedule, x.Slots.Length, x.Step, x.Settings.Steps);
}
