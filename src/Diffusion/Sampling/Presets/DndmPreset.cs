using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// DNDM (Chen et al. 2024, arXiv 2312.09193, algorithms 1 to 4; its published code): each slot's transition time tau is drawn
/// beforehand, and the network is asked at the distinct times alone, the latest first. Under <c>topk</c> the K slots that are still to
/// come are the least certain ones, written slots among them, as in RDM.
/// </summary>
[Strategy("dndm", "draws beforehand at which of `steps` each position is written and takes a pass for each step at which some are",
    Settings = [nameof(SamplerSettings.Transition), nameof(SamplerSettings.Time), nameof(SamplerSettings.BetaA),
        nameof(SamplerSettings.BetaB)])]
public class DndmPreset : TransitionPreset
{
    static bool IsTopk(in Denoising x) => x.Settings.Transition == TransitionRule.Topk;

    static bool IsContinuous(SamplerSettings settings) => settings.Time == TimeKind.Continuous;

    /// <inheritdoc/>
    public sealed override bool Suits(SampledModel model) => model != SampledModel.Scores;

    /// <inheritdoc/>
    public sealed override SamplerSettings Canonical(SamplerSettings settings) =>
        base.Canonical(IsContinuous(settings) ? settings with { Steps = new SamplerSettings().Steps } : settings);

    /// <inheritdoc/>
    private protected override int[] WritingSteps(in Denoising start)
    {
        var settings = start.Settings;
        double[] times = TransitionTimes(start);
        if (IsContinuous(settings))
        {
            for (int i = 0; i < times.Length; i++) times[i] = -times[i];
            return InOrder(times);
        }
        return Array.ConvertAll(times, tau => settings.Steps - (int)tau + 1);
    }

    /// <summary>(N) tau of each slot: of (0, 1], or a whole number of 1..T where times are discrete.</summary>
    private protected virtual double[] TransitionTimes(in Denoising start)
    {
        var settings = start.Settings;
        var draws = start.Draws.At(1);
        double[] times = new double[start.Slots.Length];
        for (int i = 0; i < times.Length; i++)
        {
            double tau = Beta(draws.At(i), settings.BetaA ?? 1, settings.BetaB ?? 1);
            times[i] = IsContinuous(settings) ? tau : 1 + Math.Min(settings.Steps - 1, (int)(settings.Steps * tau));
        }
        return times;
    }

    /// <summary>A draw of Beta(a, b) for whole a and b: the a-th smallest of a + b - 1 uniform numbers.</summary>
    static double Beta(CounterRandom draws, int a, int b)
    {
        double[] u = new double[a + b - 1];
        for (int k = 0; k < u.Length; k++) u[k] = draws.Uniform(k);
        Array.Sort(u);
        return u[a - 1];
    }

    /// <inheritdoc/>
    public sealed override SlotNeed Need(in Denoising x) =>
        !IsTopk(x) ? base.Need(x)
        : Array.IndexOf(StepsOf(x), x.Step) < 0 ? new SlotNeed(x.Mask, OpenOnly: true, 0, 0)
        : SlotNeed.All(x, openOnly: StillToCome(x) == 0);

    /// <inheritdoc/>
    public sealed override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        if (!IsTopk(x)) base.Step(x, predicted, scores, buffers);
        else if (Array.IndexOf(StepsOf(x), x.Step) < 0) buffers.Clear();
        else RdmStep.Apply(x.Slots, x.WrittenScores, predicted, scores, StillToCome(x), ReMaskRule.Uncond, noise: 0, x.Draws, x.Mask,
            buffers);
    }

    // K: slots whose time comes after this step.
    static int StillToCome(in Denoising x)
    {
        int step = x.Step;
        return StepsOf(x).Count(s => s > step);
    }
}
