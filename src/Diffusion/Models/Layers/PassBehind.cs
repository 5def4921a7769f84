using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// A pass behind tokens whose keys and values earlier passes computed and nothing behind them changes; its own can be had, to go on from
/// them.
/// </summary>
/// <param name="places">Each token's place in its canvas, from 0, row by row. // (B * N)</param>
/// <param name="columns">N.</param>
/// <param name="device">Where the model lives.</param>
/// <param name="before">Keys and values, by turns, of the tokens before, layer by layer; null for none. // (B, 2 L, G, P, d_h)</param>
/// <param name="keeps">Whether the pass's own keys and values are wanted: <see cref="Own"/>.</param>
sealed class PassBehind(long[] places, int columns, Device device, Tensor? before, bool keeps = false)
    : PassContext(places, columns, device)
{
    readonly List<Tensor> _own = [];
    int _layer;

    /// <summary>Those before, then the pass's own. // (B, G, N, d_h) to (B, G, P + N, d_h)</summary>
    public override (Tensor Keys, Tensor Values) Join(Tensor keys, Tensor values)
    {
        if (keeps)
        {
            _own.Add(keys.alias().DetachFromDisposeScope());
            _own.Add(values.alias().DetachFromDisposeScope());
        }
        int at = 2 * _layer++;
        return before is null ? (keys, values) : (cat([before.select(1, at), keys], 2), cat([before.select(1, at + 1), values], 2));
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
