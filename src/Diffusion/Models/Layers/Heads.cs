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
    /// <param name="k">// (B, H, N, d_h)</param>
    /// <param name="v">// (B, H, N, d_h)</param>
    /// <param name="bias">// (B, 1, 1 or N, N)</param>
    /// <param name="dropout">The share of attention probabilities that is dropped.</param>
    /// <returns>// (B, N, H d_h)</returns>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor bias, double dropout)
    {
        using var scope = NewDisposeScope();
        var context = F.scaled_dot_product_attention(q, k, v, bias, dropout);
        return context.transpose(1, 2).reshape(q.size(0), q.size(2), -1).MoveToOuterDisposeScope();
    }

    /// <summary>Repeats each of G key-value heads for the H / G query heads that share it (grouped-query attention). // (B, G, N, d_h) to (B, H, N, d_h)</summary>
    public static Tensor Share(Tensor x, long heads)
    {
        long groups = x.size(1);
        if (groups == heads) return x.alias();
        using var scope = NewDisposeScope();
        var (batch, positions, width) = (x.size(0), x.size(2), x.size(3));
        return x.unsqueeze(2).expand(batch, groups, heads / groups, positions, width).reshape(batch, heads, positions, width).MoveToOuterDisposeScope();
    }

    /// <summary>Dropout in training, x itself otherwise.</summary>
    public static Tensor Drop(Tensor x, double share, bool training) => training && share > 0 ? F.dropout(x, share, training) : x;
}
