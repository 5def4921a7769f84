namespace TorchSharp.Kernels;

/// <summary>
/// softmax(q k^T scale + mask) v (Vaswani et al. 2017, eq. 1), by tiles of queries. A key masked with -infinity adds
/// exactly nothing, so a query's result doesn't depend on the keys that pad its row; where all keys are masked it is 0.
/// </summary>
internal static unsafe class Attention
{
    /// <summary>o (B, H, Lq, D) from q (B, H, Lq, D), k and v (B, H, Lk, D); lse (B, H, Lq) contiguous is for the backward pass, or null.</summary>
    internal static void Forward(in AttentionShape shape, HeadView q, HeadView k, HeadView v, MaskView mask, HeadView o, float* lse)
    {
        int tiles = (shape.Queries + AttentionShape.TileRows - 1) / AttentionShape.TileRows;
        var kernel = new AttentionForward(shape, q, k, v, mask, o, lse, tiles);
        long cost = Math.Min(shape.Queries, AttentionShape.TileRows) * (long)shape.Keys * (8 + (shape.Dim / 8));
        Launch.Over((long)shape.Batch * shape.Heads * tiles, cost, ref kernel);
    }

    /// <summary>dq, dk, dv (overwritten) from the inputs, lse and the gradient of o; probabilities are computed again.</summary>
    internal static void Backward(in AttentionShape shape, HeadView q, HeadView k, HeadView v, MaskView mask, float* lse, HeadView dO, HeadView dq, HeadView dk, HeadView dv)
    {
        var kernel = new AttentionBackward(shape, q, k, v, mask, lse, dO, dq, dk, dv);
        long cost = shape.Queries * (long)shape.Keys * (8 + (shape.Dim / 4));
        Launch.Over((long)shape.Batch * shape.Heads, cost, ref kernel);
    }
}
