using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// A pass behind tokens whose keys and values earlier passes computed and nothing behind them changes; its own can be had, to go on from
/// them.
/// </summary>
/// <param name="places">Each token's place in its canvas, from 0, row by row. // (B * N)</param>
/// <param name="columns">N.</param>
/// <param name="device">Where the model lives.</param>
/// <param name="all">
/// Keys and values, by turns, layer by layer, of the P tokens before; the pass writes its own behind them. Null where P is 0. //
/// (B, 2 L, G, P + N, d_h)
/// </param>
/// <param name="keeps">Whether the pass's own keys and values are wanted: <see cref="Own"/>.</param>
sealed class PassBehind(long[] places, int columns, Device device, Tensor? all, bool keeps = false) : PassContext(places, columns, device)
{
    readonly int _columns = columns;
    readonly List<Tensor> _own = [];
    int _layer;

    /// <summary>Those before, then the pass's own. // (B, G, N, d_h) to (B, G, P + N, d_h)</summary>
    public override (Tensor Keys, Tensor Values) Join(Tensor keys, Tensor values)
    {
        int at = 2 * _layer++;
        if (all is not null) return (Behind(at, keys), Behind(at + 1, values));
        if (keeps) _own.AddRange([Kept(keys.to(values.dtype)), Kept(values)]);
        return (keys, values);

        static Tensor Kept(Tensor part) => part.alias().DetachFromDisposeScope();
    }

    /// <summary>The pass's own keys and values, by turns, layer by layer. // (B, 2 L, G, N, d_h)</summary>
    public Tensor Own()
    {
        if (all is not null) return all.narrow(3, all.size(3) - _columns, _columns);
        var own = stack(_own, 1);
        _own.ForEach(t => t.Dispose());
        _own.Clear();
        return own;
    }

    // In place: joining copies of both would take longer than what is saved, where little is computed and much is kept.
    Tensor Behind(int at, Tensor own)
    {
        using var scope = NewDisposeScope();
        var joined = all!.select(1, at);
        joined.narrow(2, joined.size(2) - _columns, _columns).copy_(own);
        return joined.MoveToOuterDisposeScope();
    }
}
