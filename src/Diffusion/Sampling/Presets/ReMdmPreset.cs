using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// ReMDM (Wang et al. 2025, arXiv 2503.00307, section 3; its published sampler): ancestral sampling of the absorbing process in which
/// written slots are masked again with a probability sigma that keeps the share of masks at each time as it was (<see cref="ReMasking"/>).
/// The last step writes all.
/// </summary>
[Strategy("remdm", "takes `steps` steps of the reverse process and masks written positions again with the probability `sigma`, so that "
    + "errors can be mended",
    Settings = [nameof(SamplerSettings.Sigma), nameof(SamplerSettings.Eta), nameof(SamplerSettings.TOn), nameof(SamplerSettings.TOff),
        nameof(SamplerSettings.AlphaOn),
        nameof(SamplerSettings.TopP)])]
public sealed class ReMdmPreset : SamplerPreset
{
    /// <inheritdoc/>
    public override bool IsRandom(SamplerSettings settings) => true;

    /// <summary>
    /// As in the published code: the likeliest token, and those after it whose cumulative probability stays within the share.
    /// </summary>
    public override bool NucleusStaysWithin => true;

    /// <inheritdoc/>
    public override bool IsSettled(in Denoising x) => x.Step > x.Settings.Steps || ReMasking.IsOver(x.Settings, Time(x, x.Step - 1));

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x)
    {
        double writes = Writes(x);
        var u = x.Draws.At(1);
        int from = x.Slots.Length, to = 0;
        for (int i = 0; i < x.Slots.Length; i++)
            if (x.Slots[i] == x.Mask && u.Uniform(i) < writes) (from, to) = (Math.Min(from, i), i + 1);
        return new SlotNeed(x.Mask, OpenOnly: true, Math.Min(from, to), to);
    }

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        var step = ReMasking.Of(x.Settings, Time(x, x.Step - 1), Time(x, x.Step));
        double writes = Writes(x);
        var u = x.Draws.At(1);
        double[] shares = step.IsShared ? new double[x.Slots.Length] : [];
        if (step.IsShared) ReMasking.Shares(x.WrittenScores, shares);
        for (int i = 0; i < x.Slots.Length; i++)
        {
            if (x.Slots[i] == x.Mask)
            {
                if (u.Uniform(i) >= writes) continue;
                (x.Slots[i], x.WrittenScores[i]) = (predicted[i], scores[i]);
                buffers.Written.Add(new(i, predicted[i], scores[i]));
            }
            else if (x.Step < x.Settings.Steps && u.Uniform(i) < step.Sigma * (step.IsShared ? shares[i] : 1))
            {
                (x.Slots[i], x.WrittenScores[i]) = (x.Mask, float.NegativeInfinity);
                buffers.Masked.Add(i);
            }
        }
    }

    static double Writes(in Denoising x) =>
        x.Step >= x.Settings.Steps ? 1 : ReMasking.Of(x.Settings, Time(x, x.Step - 1), Time(x, x.Step)).Writes;

    // t behind step s of S.
    static double Time(in Denoising x, int step) => 1 - (double)step / x.Settings.Steps;
}
