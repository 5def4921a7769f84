using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// dllm's infilling (Zhou et al. 2025, its published MDLM sampler): blocks are counted from the canvas's first token, given tokens
/// included; the steps are shared out among them evenly. In a step from t to s a block writes the most certain of its open slots, as many
/// as its open ones times 1 - (1 - alpha_s) / (1 - alpha_t), rounded half to even; steps that write none need no pass.
/// </summary>
[Strategy("infill", "fills places that are masked among given tokens: blocks of `blockLength` positions, counted from the prompt's first "
    + "token, one after another; each step writes the share of a block's masks that `schedule` gives, the most probable first",
    Settings = [nameof(SamplerSettings.BlockLength), "schedule=cosine|linear", nameof(SamplerSettings.Guidance)])]
public sealed class InfillPreset : BlockPreset
{
    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x)
    {
        var (from, to) = CanvasBlock(x, Math.Max(0, x.Slots.IndexOf(x.Mask)));
        return new SlotNeed(x.Mask, OpenOnly: true, from, to);
    }

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var (from, to) = CanvasBlock(x, Math.Max(0, x.Slots.IndexOf(x.Mask)));
        var ranked = Ranked(x, from, to, scores, buffers);
        Write(x, ranked[..Count(x, to - from, ranked.Length)], predicted, scores, buffers);
    }

    /// <summary>
    /// How many a block writes that began with so many slots and has so many open: the counts of its steps follow from the first alone.
    /// </summary>
    static int Count(in Denoising x, int slots, int open)
    {
        int length = x.Settings.BlockLength is { } given and > 0 ? given : Math.Max(1, x.Canvas), blocks = (x.Canvas + length - 1) / length;
        int steps = (x.Settings.Steps + blocks - 1) / blocks;
        for (int step = 0; step < steps; step++)
        {
            double stays = (1 - Alpha(x.Settings.Schedule, 1 - (step + 1.0) / steps))
                / (1 - Alpha(x.Settings.Schedule, 1 - (double)step / steps));
            int count = Math.Min(slots, (int)Math.Round(slots * (1 - stays), MidpointRounding.ToEven));
            if (count > 0 && slots == open) return count;
            slots -= count;
        }
        return open;
    }

    /// <summary>The share of written slots at t.</summary>
    static double Alpha(MaskSchedule schedule, double t) =>
        AlphaSchedules.Alpha(schedule == MaskSchedule.Linear ? AlphaSchedule.Linear : AlphaSchedule.Cosine, t);
}
