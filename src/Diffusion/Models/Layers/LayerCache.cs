using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>One layer's keys and values of a batch of sequences, of which a pass computes some positions anew.</summary>
/// <param name="keys">Written in place. // (B, G, P, d_h)</param>
/// <param name="values">Likewise.</param>
/// <param name="positions">The positions of this pass. // (B, N) int64, below P</param>
sealed class LayerCache(Tensor keys, Tensor values, Tensor positions)
{
    /// <summary>The positions of this pass. // (B, N) int64</summary>
    public Tensor Positions => positions;

    /// <summary>P.</summary>
    public long Columns => keys.size(2);

    /// <summary>
    /// Puts this pass's keys and values where they belong, and gives those of all positions. // each (B, G, N, d_h) to (B, G, P, d_h)
    /// </summary>
    public (Tensor Keys, Tensor Values) Join(Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var places = positions.unsqueeze(1).unsqueeze(3).expand(k.shape); // (B, G, N, d_h)
        keys.scatter_(2, places, Product.Operand(k, keys));
        values.scatter_(2, places, Product.Operand(v, values));
        return (keys, values);
    }
}
