using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Data;

/// <summary>
/// Batches of sequences of like length, filled up to a budget of padded tokens. In each epoch every sequence occurs once;
/// which of equal length go together, and the order of the batches, are drawn anew from the seed. Any step's batch can be had
/// from its number alone, so a resumed run needs no other position.
/// </summary>
public sealed class TokenBudgetBatches
{
    readonly int[] lengths;
    readonly List<int> starts = [0];
    readonly long seed;
    readonly int[] items, batches;
    long drawn = -1;

    /// <summary>Plans the batches.</summary>
    /// <param name="lengths">Each sequence's number of tokens; those of length 0 are left out.</param>
    /// <param name="batchTokens">The most that rows times longest row may be; a longer sequence makes a batch of its own.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <exception cref="ArgumentException">There is no sequence with tokens.</exception>
    public TokenBudgetBatches(IReadOnlyList<int> lengths, int batchTokens, long seed)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchTokens, 1);
        this.lengths = [.. lengths];
        this.seed = seed;
        items = [.. Enumerable.Range(0, lengths.Count).Where(i => lengths[i] > 0)];
        if (items.Length == 0) throw new ArgumentException("There is no sequence to batch.", nameof(lengths));
        // The sorted lengths are the same in every epoch, so the cuts between batches are too.
        var sorted = items.Select(i => lengths[i]).Order().ToArray();
        for (int i = 0; i < sorted.Length; i++)
            if (i > starts[^1] && (long)sorted[i] * (i + 1 - starts[^1]) > batchTokens) starts.Add(i);
        batches = new int[starts.Count];
        starts.Add(sorted.Length);
    }

    /// <summary>The number of batches in an epoch.</summary>
    public int PerEpoch => batches.Length;

    /// <summary>The epoch that a batch belongs to.</summary>
    /// <param name="number">The batch's number, counted from 0 over all epochs.</param>
    public long Epoch(long number) => number / PerEpoch;

    /// <summary>The sequences of a batch.</summary>
    /// <param name="number">The batch's number, counted from 0 over all epochs.</param>
    public ReadOnlySpan<int> Batch(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        Draw(Epoch(number));
        int batch = batches[number % PerEpoch];
        return items.AsSpan(starts[batch]..starts[batch + 1]);
    }

    void Draw(long epoch)
    {
        if (epoch == drawn) return;
        drawn = epoch;
        var order = CounterRandom.For(seed, "order of the training data").At(epoch);
        var (ofItems, ofBatches) = (order.At(0), order.At(1));
        Sort(items, i => (lengths[i], ofItems.Bits(i)));
        Sort(batches, i => (0, ofBatches.Bits(i)), refill: true);
    }

    /// <summary>Sorts by (key, random bits, index): a total order, whatever the array held before.</summary>
    static void Sort(int[] values, Func<int, (int, ulong)> key, bool refill = false)
    {
        if (refill)
            for (int i = 0; i < values.Length; i++) values[i] = i;
        var keys = Array.ConvertAll(values, v => { var (first, second) = key(v); return (first, second, v); });
        Array.Sort(keys, values);
    }
}
