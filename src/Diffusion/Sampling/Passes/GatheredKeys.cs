using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>Kept keys and values of one pass's sequences side by side, in memory that is used again and again.</summary>
/// <typeparam name="TKey">What tells whose keys and values they are.</typeparam>
sealed class GatheredKeys<TKey> : IDisposable where TKey : class
{
    (TKey Key, int Length)?[] _rows = [];
    Tensor? _all;

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
        long[] shape = [like.size(0), like.size(1), columns + room, like.size(3)];
        if (_all is null || _all.size(0) < wanted.Length || _all.dtype != like.dtype || !_all.shape[1..].SequenceEqual(shape))
        {
            Dispose();
            _all = zeros([wanted.Length, .. shape], dtype: like.dtype, device: like.device).DetachFromDisposeScope();
            _rows = new (TKey, int)?[wanted.Length];
        }
        for (int b = 0; b < wanted.Length; b++)
        {
            var (key, values, length) = wanted[b];
            if (_rows[b] is { } there && there.Length == length && there.Key.Equals(key)) continue;
            _all.select(0, b).narrow(2, 0, length).copy_(values.narrow(2, 0, length));
            _rows[b] = (key, length);
        }
        return _all.narrow(0, 0, wanted.Length).MoveToOuterDisposeScope();
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _all?.Dispose();
        (_all, _rows) = (null, []);
    }
}
