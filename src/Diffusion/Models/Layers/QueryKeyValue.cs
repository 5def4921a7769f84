using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>The projections to queries, keys and values; in training one product with their weights side by side.</summary>
sealed class QueryKeyValue(Affine query, Affine key, Affine value)
{
    /// <summary>The three projections of x, the heads apart.</summary>
    /// <param name="x">// (B, N, d)</param>
    /// <param name="heads">H.</param>
    /// <returns>// each (B, H, N, d_h)</returns>
    public (Tensor Query, Tensor Key, Tensor Value) Of(Tensor x, long heads)
    {
        var (q, k, v) = (query.Operands, key.Operands, value.Operands);
        if (!is_grad_enabled() || query.Adapter is not null || key.Adapter is not null || value.Adapter is not null
            || query.Outputs != key.Outputs || key.Outputs != value.Outputs || q.Bias is null || k.Bias is null || v.Bias is null)
            return (Heads.Split(query.Of(x), heads), Heads.Split(key.Of(x), heads), Heads.Split(value.Of(x), heads));
        using var scope = NewDisposeScope();
        var joint = Product.Of(Product.Operand(x, q.Weight), cat([q.Weight, k.Weight, v.Weight], 0),
            cat([q.Bias, k.Bias, v.Bias], 0)); // (B, N, 3 d)
        var parts = joint.view(x.size(0), x.size(1), 3, heads, query.Outputs / heads).unbind(2);
        return (Part(0), Part(1), Part(2));

        Tensor Part(int part) => parts[part].transpose(1, 2).MoveToOuterDisposeScope(); // (B, H, N, d_h)
    }
}
