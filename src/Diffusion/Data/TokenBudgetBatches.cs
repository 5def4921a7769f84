using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Data;

/// <summary>
/// Batches of sequences of like length, filled up to a budget of padded tokens. In each epoch every sequence occurs once;
/// which of equal length go together, and the order of the batches, are drawn anew from the seed. Any step's batch can be had
/// from its number alone, so a resumed run needs no other position.
/// </summary>
public sealed class TokenBudgetBatches
{
    readonly int[] _lengths;
    readonly List<int> _starts = [0];
    readonly long _seed;
    readonly int[] _items, _batches;
    long _drawn = -1;

    /// <summary>Plans the batches.</summary>
    /// <param name="lengths">Each sequence's number of tokens; those of length 0 are left out.</param>
    /// <param name="batchTokens">The most that rows times longest row may be; a longer sequence makes a batch of its own.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <exception cref="ArgumentException">There is no sequence with tokens.</exception>
    public TokenBudgetBatches(IReadOnlyList<int> lengths, int batchTokens, long seed)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchTokens, 1);
        _lengths = [.. lengths];
        _seed = seed;
        _items = [.. Enumerable.Range(0, lengths.Count).Where(i => lengths[i] > 0)];
        if (_items.Length == 0) throw new ArgumentException("There is no sequence to batch.", nameof(lengths));
        // The sorted lengths are the same in every epoch, so the cuts between batches are too.
        var sorted = _items.Select(i => lengths[i]).Order().ToArray();
        for (int i = 0; i < sorted.Length; i++)
            if (i > _starts[^1] && (long)sorted[i] * (i + 1 - _starts[^1]) > batchTokens) _starts.Add(i);
        _batches = new int[_starts.Count];
        _starts.Add(sorted.Length);
    }

    /// <summary>The number of batches in an epoch.</summary>
    public int PerEpoch => _batches.Length;

    /// <summary>The epoch that a batch belongs to.</summary>
    /// <param name="number">The batch's number, counted from 0 over all epochs.</param>
    public long Epoch(long number) => number / PerEpoch;

    /// <summary>The sequences of a batch.</summary>
    /// <param name="number">The batch's number, counted from 0 over all epochs.</param>
    public ReadOnlySpan<int> Batch(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        Draw(Epoch(number));
        int batch = _batches[number % PerEpoch];
        return _items.AsSpan(_starts[batch].._starts[batch + 1]);
    }

    void Draw(long epoch)
    {
        if (epoch == _drawn) return;
        _drawn = epoch;
        var order = CounterRandom.For(_seed, "order of the training data").At(epoch);
        var (ofItems, ofBatches) = (order.At(0), order.At(1));
        Sort(_items, i => (_lengths[i], ofItems.Bits(i)));
        Sort(_batches, i => (0, ofBatches.Bits(i)), refill: true);
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
