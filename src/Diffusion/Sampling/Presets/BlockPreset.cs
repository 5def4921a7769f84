using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>Presets that fill the response block by block from left to right; a written slot stays.</summary>
public abstract class BlockPreset : SamplerPreset
{
    /// <inheritdoc/>
    public sealed override bool IsSettled(in Denoising x) => true;

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x)
    {
        var (from, to) = Block(x);
        return new SlotNeed(x.Mask, OpenOnly: true, from, to) { Statistics = Statistics(RankOf(x.Settings)) };
    }

    /// <summary>What open slots are ranked by.</summary>
    protected virtual ConfidenceRank RankOf(SamplerSettings settings) => ConfidenceRank.Probability;

    /// <summary>What the ranking takes beside the scores.</summary>
    protected virtual RowStatistics Statistics(ConfidenceRank rank) =>
        rank switch
        {
            ConfidenceRank.Margin => RowStatistics.Margin,
            ConfidenceRank.Entropy => RowStatistics.Entropy,
            _ => RowStatistics.None
        };

    /// <summary>The block of the leftmost open slot: its first slot, and the one behind its last.</summary>
    protected static (int From, int To) Block(in Denoising x)
    {
        int length = Length(x.Settings, x.Slots.Length), first = Math.Max(0, x.Slots.IndexOf(x.Mask)) / length * length;
        return (first, Math.Min(x.Slots.Length, first + length));
    }

    /// <summary>The slots of the block that a slot stands in, where blocks are counted from the canvas's first token.</summary>
    private protected static (int From, int To) CanvasBlock(in Denoising x, int slot)
    {
        int length = Length(x.Settings, x.PositionOf(x.Slots.Length - 1) + 1), block = x.PositionOf(slot) / length;
        int from = slot, to = slot + 1;
        while (from > 0 && x.PositionOf(from - 1) / length == block) from--;
        while (to < x.Slots.Length && x.PositionOf(to) / length == block) to++;
        return (from, to);
    }

    /// <summary>Slots of a block; the last may be shorter.</summary>
    protected static int Length(SamplerSettings settings, int slots) =>
        settings.BlockLength is { } length and > 0 ? length : Math.Max(1, slots);

    /// <summary>Steps of a block where S are shared out among all: S div B, the first S mod B blocks one more, at least one.</summary>
    private protected static int StepsOf(in Denoising x, int block)
    {
        int length = Length(x.Settings, x.Slots.Length), blocks = (x.Slots.Length + length - 1) / length;
        return Math.Max(1, x.Settings.Steps / blocks + (block < x.Settings.Steps % blocks ? 1 : 0));
    }

    /// <summary>
    /// LLaDA's quota: of n masks over so many steps a step writes n div steps, the first n mod steps one more; all behind the last.
    /// </summary>
    /// <param name="masks">n.</param>
    /// <param name="steps">Of the block.</param>
    /// <param name="step">From 0.</param>
    private protected static int Quota(int masks, int steps, int step) =>
        step >= steps ? masks : masks / steps + (step < masks % steps ? 1 : 0);

    /// <summary>The open slots from the most certain to the least; of equals the earlier first.</summary>
    private protected Span<RankedSlot> Ranked(in Denoising x, int from, int to, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var rank = RankOf(x.Settings);
        var draws = x.Draws.At(1);
        var ranked = buffers.Ranked(to - from);
        int open = 0;
        for (int i = from; i < to; i++)
            if (x.Slots[i] == x.Mask) ranked[open++] = new RankedSlot(rank switch
            {
                ConfidenceRank.Margin => -x.Margins[i],
                ConfidenceRank.Entropy => x.Entropies[i],
                ConfidenceRank.Random => draws.Uniform(i),
                _ => -scores[i],
            }, i);
        ranked = ranked[..open];
        ranked.Sort();
        return ranked;
    }

    /// <summary>Writes slots, in any order.</summary>
    private protected static void Write(in Denoising x, ReadOnlySpan<RankedSlot> slots, ReadOnlySpan<int> predicted,
        ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        foreach (var (_, i) in slots)
        {
            (x.Slots[i], x.WrittenScores[i]) = (predicted[i], scores[i]);
            buffers.Written.Add(new(i, predicted[i], scores[i]));
        }
        buffers.Written.Sort((a, b) => a.Position.CompareTo(b.Position));
    }
}
