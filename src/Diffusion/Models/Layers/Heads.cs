using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>Multi-head attention over projections that lie side by side.</summary>
static class Heads
{
    /// <summary>// (B, N, H d_h) to (B, H, N, d_h)</summary>
    public static Tensor Split(Tensor x, long heads)
    {
        using var scope = NewDisposeScope();
        long width = x.size(2);
        return x.view(x.size(0), x.size(1), heads, width / heads).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>softmax(q k^T / sqrt(d_h) + bias) v, the heads side by side again.</summary>
    /// <param name="q">// (B, H, N, d_h)</param>
    /// <param name="k">G divides H: each key-value head is shared by H / G query heads. // (B, G, P, d_h)</param>
    /// <param name="v">// as k</param>
    /// <param name="bias">// (B, 1, 1 or N, P)</param>
    /// <param name="dropout">What drops attention probabilities.</param>
    /// <param name="share">The share of them that is dropped; 0 for none.</param>
    /// <returns>// (B, N, H d_h), in v's type</returns>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor bias, Dropout dropout, double share)
    {
        using var scope = NewDisposeScope();
        if (share == 0 && q.size(2) == 1 && q.size(1) > k.size(1))
            return OfOnePosition(Product.Operand(q, v), k, v, bias).MoveToOuterDisposeScope();
        (k, v) = (Share(k, q.size(1)), Share(v, q.size(1)));
        (q, k) = (Product.Operand(q, v), Product.Operand(k, v));
        // The library's fused attention draws from its own generator, and on a CPU its gradient is slow in bfloat16.
        bool byProducts = share > 0 || v.dtype == ScalarType.BFloat16 && v.device.type == DeviceType.CPU && is_grad_enabled();
        var context = byProducts
            ? AttendByProducts(q, k, v, bias, dropout, share)
            : F.scaled_dot_product_attention(q, k, v, Product.Operand(bias, v)); // (B, H, N, d_h)
        return context.transpose(1, 2).reshape(q.size(0), q.size(2), -1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One position's attention: the query heads that share a key-value head go as so many positions, so that no key is copied.
    /// </summary>
    static Tensor OfOnePosition(Tensor q, Tensor k, Tensor v, Tensor bias)
    {
        var (batch, heads, groups, width) = (q.size(0), q.size(1), k.size(1), q.size(3));
        return F.scaled_dot_product_attention(q.reshape(batch, groups, heads / groups, width), k, v, bias).reshape(batch, 1, heads * width);
    }

    static Tensor AttendByProducts(Tensor q, Tensor k, Tensor v, Tensor bias, Dropout dropout, double share)
    {
        using var scope = NewDisposeScope();
        var scores = q.contiguous().matmul(k.contiguous().transpose(2, 3)); // (B, H, N, P)
        var p = scores.mul_(1 / Math.Sqrt(q.size(3))).add_(Product.Operand(bias, v)).softmax(3);
        if (share > 0) p = dropout.Of(p, share);
        return p.matmul(v.contiguous()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Repeats each of G key-value heads for the H / G query heads that share it (grouped-query attention). // (B, G, N, d_h) to (B, H, N,
    /// d_h)
    /// </summary>
    static Tensor Share(Tensor x, long heads)
    {
        long groups = x.size(1);
        if (groups == heads) return x.alias();
        using var scope = NewDisposeScope();
        var (batch, positions, width) = (x.size(0), x.size(2), x.size(3));
        return x.unsqueeze(2).expand(batch, groups, heads / groups, positions, width).reshape(batch, heads, positions, width)
            .MoveToOuterDisposeScope();
    }
}
