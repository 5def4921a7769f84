using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// What a pass has beside its own tokens: where they stand, and the keys and values of tokens before them, which earlier passes
/// computed and which nothing behind them changes. Each layer takes its own, in the layers' order.
/// </summary>
sealed class PassContext
{
    readonly List<Tensor> _own = [];
    readonly Tensor? _before;
    readonly bool _keeps;
    int _layer;

    /// <summary>The context of one pass.</summary>
    /// <param name="places">Each token's place in its canvas, from 0, row by row. // (B * N)</param>
    /// <param name="columns">N.</param>
    /// <param name="device">Where the model lives.</param>
    /// <param name="before">Keys and values, by turns, of the tokens before, layer by layer; null for none. // (B, 2 L, G, P, d_h)</param>
    /// <param name="keeps">Whether the pass's own keys and values are wanted: <see cref="Own"/>.</param>
    public PassContext(long[] places, int columns, Device device, Tensor? before = null, bool keeps = false)
    {
        (_before, _keeps) = (before, keeps);
        Positions = tensor(places, [places.Length / columns, columns], device: device);
        Reach = places.Max() + 1;
    }

    /// <summary>Each token's place in its canvas, from 0. // (B, N) int64</summary>
    public Tensor Positions { get; }

    /// <summary>One more than the last place.</summary>
    public long Reach { get; }

    /// <summary>The next layer's keys and values: those before, then the pass's own. // (B, G, N, d_h) to (B, G, P + N, d_h)</summary>
    public (Tensor Key, Tensor Value) Extend(Tensor key, Tensor value)
    {
        if (_keeps)
        {
            _own.Add(key.alias().DetachFromDisposeScope());
            _own.Add(value.alias().DetachFromDisposeScope());
        }
        int at = 2 * _layer++;
        return _before is null ? (key, value) : (cat([_before.select(1, at), key], 2), cat([_before.select(1, at + 1), value], 2));
    }

    /// <summary>The pass's own keys and values, by turns, layer by layer. // (B, 2 L, G, N, d_h)</summary>
    public Tensor Own()
    {
        var all = stack(_own, 1);
        _own.ForEach(t => t.Dispose());
        _own.Clear();
        return all;
    }
}
