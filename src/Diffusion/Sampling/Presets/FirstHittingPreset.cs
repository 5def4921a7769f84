using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// The first-hitting sampler (Zheng et al. 2024, arXiv 2409.02908, section 4): ancestral sampling in continuous time, from one unmasking to
/// the next. The time of the next is t u^(1/n), and any of the n masked slots is as likely as another to be it; a network that isn't told
/// the time needs the order alone.
/// </summary>
[Strategy("first-hitting", "writes one position a pass, in an order drawn at random: ancestral sampling with steps without end, whatever "
    + "`steps` says",
    Settings = [nameof(SamplerSettings.EndAtEos)], Traits = [StrategyTraits.TokenByToken])]
public class FirstHittingPreset : TransitionPreset
{
    /// <inheritdoc/>
    public sealed override SamplerSettings Canonical(SamplerSettings settings) =>
        base.Canonical(settings with { Steps = new SamplerSettings().Steps });

    /// <inheritdoc/>
    private protected override int[] WritingSteps(in Denoising start)
    {
        double[] times = new double[start.Slots.Length];
        for (int i = 0; i < times.Length; i++) times[i] = start.Draws.At(1).Uniform(i);
        return InOrder(times);
    }
}
