using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// Where a pass's tokens stand, and the keys and values that it has beside their own. Each layer takes its own, in the layers' order.
/// </summary>
/// <param name="places">Each token's place in its canvas, from 0, row by row. // (B * N)</param>
/// <param name="columns">N.</param>
/// <param name="device">Where the model lives.</param>
class PassContext(long[] places, int columns, Device device)
{
    /// <summary>Each token's place in its canvas, from 0. // (B, N) int64</summary>
    public Tensor Positions { get; } = tensor(places, [places.Length / columns, columns], device: device);

    /// <summary>One more than the last place.</summary>
    public long Reach { get; } = places.Max() + 1;

    /// <summary>All keys and values of the next layer, its own ones among them. // each (B, G, N, d_h) to (B, G, P, d_h)</summary>
    public virtual (Tensor Keys, Tensor Values) Join(Tensor keys, Tensor values) => (keys, values);
}
