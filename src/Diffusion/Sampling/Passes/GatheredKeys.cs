using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>Kept keys and values of one pass's sequences side by side, in memory that is used again and again.</summary>
/// <typeparam name="TKey">What tells whose keys and values they are.</typeparam>
sealed class GatheredKeys<TKey> where TKey : class
{
    Memory? _memory;

    /// <summary>
    /// Rows of keys and values, padded with zeros or with others' numbers; those behind them are the caller's to write. They hold until the
    /// next call, which leaves a row as it is where it is wanted again.
    /// </summary>
    /// <param name="wanted">Of each sequence its keys and values, // (2 L, G, at least length, d_h), and how many are taken. // (B)</param>
    /// <param name="columns">P.</param>
    /// <param name="room">N.</param>
    /// <returns>// (B, 2 L, G, P + N, d_h)</returns>
    public Tensor Of((TKey Key, Tensor Values, int Length)[] wanted, int columns, int room)
    {
        using var scope = NewDisposeScope();
        var like = wanted[0].Values;
        long[] shape = [wanted.Length, like.size(0), like.size(1), columns + room, like.size(3)];
        if (_memory is null || !_memory.Fits(shape, like.dtype))
        {
            Release();
            _memory = new Memory(zeros(shape, dtype: like.dtype, device: like.device).DetachFromDisposeScope(), new (TKey, int)?[shape[0]]);
        }
        var (all, rows) = _memory;
        for (int b = 0; b < wanted.Length; b++)
        {
            var (key, values, length) = wanted[b];
            if (rows[b] is { } there && there.Length == length && there.Key.Equals(key)) continue;
            all.select(0, b).narrow(2, 0, length).copy_(values.narrow(2, 0, length));
            rows[b] = (key, length);
        }
        return all.narrow(0, 0, wanted.Length).MoveToOuterDisposeScope();
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        _memory?.All.Dispose();
        _memory = null;
    }

    sealed record Memory(Tensor All, (TKey Key, int Length)?[] Rows)
    {
        public bool Fits(ReadOnlySpan<long> shape, ScalarType type) =>
            All.size(0) >= shape[0] && All.dtype == type && shape[1..].SequenceEqual(All.shape.AsSpan(1));
    }
}
