using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Mask-predict (Ghazvininejad et al. 2019, arXiv 1904.09324, section 3): the first pass writes every slot; before each further one the
/// max(1, floor(N (S - s) / S)) slots of least probability at their writing are masked again, and only they are rewritten.
/// </summary>
[Strategy("cmlm", "writes all positions, then step by step masks the least probable again, fewer each time, and rewrites them")]
public sealed class CmlmPreset : SamplerPreset
{
    /// <inheritdoc/>
    public override bool IsSettled(in Denoising x) => true; // a step but the last leaves one open at least

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x) => SlotNeed.All(x, openOnly: true);

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        int n = x.Slots.Length;
        for (int i = 0; i < n; i++)
        {
            if (x.Slots[i] != x.Mask) continue;
            (x.Slots[i], x.WrittenScores[i]) = (predicted[i], scores[i]);
            buffers.Written.Add(new(i, predicted[i], scores[i]));
        }
        if (x.Step >= x.Settings.Steps) return;
        var ranked = buffers.Ranked(n);
        for (int i = 0; i < n; i++) ranked[i] = new RankedSlot(x.WrittenScores[i], i);
        ranked.Sort();
        foreach (var (_, i) in ranked[..Math.Max(1, MaskCounts.Remaining(MaskSchedule.Linear, n, x.Step, x.Settings.Steps))])
        {
            (x.Slots[i], x.WrittenScores[i]) = (x.Mask, float.NegativeInfinity);
            buffers.Masked.Add(i);
        }
        buffers.Masked.Sort();
    }
}
