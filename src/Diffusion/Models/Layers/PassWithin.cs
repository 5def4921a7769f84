using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>A pass over some positions of sequences whose others' keys and values a cache has: it takes in those of the pass.</summary>
/// <param name="places">Which positions, from 0, row by row; below the cache's columns. // (B * N)</param>
/// <param name="columns">N.</param>
/// <param name="device">Where the model lives.</param>
/// <param name="cache">The keys and values of P positions.</param>
/// <param name="first">The cache's row of the first sequence; the others follow.</param>
sealed class PassWithin(long[] places, int columns, Device device, KeyValueCache cache, long first) : PassContext(places, columns, device)
{
    int _layer;

    /// <summary>Puts the pass's own where they belong, and gives those of all positions. // (B, G, N, d_h) to (B, G, P, d_h)</summary>
    public override (Tensor Keys, Tensor Values) Join(Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        var all = cache.Layer(_layer++, first, keys.size(0)); // (2, B, G, P, d_h)
        var (k, v) = (all.select(0, 0), all.select(0, 1));
        var at = Positions.unsqueeze(1).unsqueeze(3).expand(keys.shape); // (B, G, N, d_h)
        k.scatter_(2, at, Product.Operand(keys, k));
        v.scatter_(2, at, Product.Operand(values, v));
        return (k.MoveToOuterDisposeScope(), v.MoveToOuterDisposeScope());
    }
}
