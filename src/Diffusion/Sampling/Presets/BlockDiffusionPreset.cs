using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Block diffusion's sampling, BD3-LM (Arriola et al. 2025, arXiv 2503.09573, algorithm 2): block after block from left to right, each
/// seeing itself and the finished ones before it, whose keys and values are kept. Within a block: the first-hitting sampler (Zheng et
/// al. 2025, arXiv 2409.02908), one random position a pass; ancestral sampling, each open position with probability (t - s) / t; or an
/// equal share each step by rank. Blocks are counted from the canvas's first token.
/// </summary>
[Strategy("block", "block diffusion: writes blocks of `blockLength` positions one after another, each seeing itself and those before it, "
    + "in the order of `within`; `steps` are shared out among the blocks",
    Settings = [nameof(SamplerSettings.BlockLength), nameof(SamplerSettings.Within), nameof(SamplerSettings.Rank),
        nameof(SamplerSettings.EndAtEos), "cache=none|exact"])]
public class BlockDiffusionPreset : BlockPreset
{
    /// <inheritdoc/>
    public sealed override bool AttendsInBlocks => true;

    /// <inheritdoc/>
    public override bool IsRandom(SamplerSettings settings) =>
        settings.Within != BlockOrder.Ranked || settings.Rank == ConfidenceRank.Random;

    /// <inheritdoc/>
    public override SamplerSettings Canonical(SamplerSettings settings)
    {
        var within = settings.Within ?? BlockOrder.FirstHitting;
        var usual = new SamplerSettings();
        return base.Canonical(settings with
        {
            Within = within,
            Cache = settings.Cache ?? CacheKind.Exact,
            Rank = within == BlockOrder.Ranked ? settings.Rank : null,
            Steps = within == BlockOrder.FirstHitting ? usual.Steps : settings.Steps,
        });
    }

    /// <inheritdoc/>
    protected sealed override ConfidenceRank RankOf(SamplerSettings settings) =>
        settings.Within == BlockOrder.Ranked ? settings.Rank ?? ConfidenceRank.Probability : ConfidenceRank.Random;

    /// <inheritdoc/>
    public sealed override SlotNeed Need(in Denoising x)
    {
        var share = ShareOf(x);
        return new SlotNeed(x.Mask, OpenOnly: true, share.From, share.To) { Statistics = Statistics(RankOf(x.Settings)) };
    }

    /// <inheritdoc/>
    public sealed override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var share = ShareOf(x);
        var ranked = Ranked(x, share.From, share.To, scores, buffers);
        int count = Math.Min(share.Count, ranked.Length);
        if (x.Settings.Within == BlockOrder.Ancestral)
        {
            // (t - s) / t with times that fall evenly from 1 to 0. A slot's draw is below it with that probability.
            count = 0;
            while (count < ranked.Length && ranked[count].Value < 1.0 / share.StepsLeft) count++;
        }
        else if (count == 1 && x.Settings.Within == BlockOrder.FirstHitting && Next(x) is { } slot) ranked[0] = new RankedSlot(0, slot);
        Write(x, ranked[..count], predicted, scores, buffers);
    }

    /// <summary>The slot that is written next, where that is given and not drawn.</summary>
    private protected virtual int? Next(in Denoising x) => null;

    /// <summary>
    /// The slots of the block that a step belongs to, how many it writes, and the block's steps that are left with this one.
    /// </summary>
    static (int From, int To, int Count, int StepsLeft) ShareOf(in Denoising x)
    {
        if (x.Settings.Within == BlockOrder.FirstHitting)
        {
            var (first, behind) = CanvasBlock(x, Math.Max(0, x.Slots.IndexOf(x.Mask)));
            return (first, behind, 1, 1);
        }
        int blocks = 0;
        for (int from = 0; from < x.Slots.Length; blocks++) from = CanvasBlock(x, from).To;
        int step = x.Step - 1, number = 0;
        for (int from = 0; from < x.Slots.Length; number++)
        {
            var (_, to) = CanvasBlock(x, from);
            int steps = Math.Max(1, x.Settings.Steps / blocks + (number < x.Settings.Steps % blocks ? 1 : 0));
            if (step < steps || to == x.Slots.Length) return (from, to, Quota(to - from, steps, step), Math.Max(1, steps - step));
            step -= steps;
            from = to;
        }
        return (0, 0, 0, 1);
    }
}
