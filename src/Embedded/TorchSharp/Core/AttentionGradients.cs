using TorchSharp.Autograd;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>
/// The gradients of attention by operations that have gradients themselves, for passes that are recorded:
/// P = softmax(s Q K^T + M), O = (P * D) V with dropout's factors D.
/// </summary>
internal static class AttentionGradients
{
    /// <summary>The gradients of Q, K, V and an additive mask; those that aren't needed are null.</summary>
    /// <param name="node">Says which inputs need one.</param>
    /// <param name="query">(.., L, d), at its place in the graph, as are the others.</param>
    /// <param name="key">(.., S, d).</param>
    /// <param name="value">(.., S, e).</param>
    /// <param name="mask">Bool: lets through where true; numbers are added; or none.</param>
    /// <param name="kept">What dropout multiplied the probabilities by, a constant; or none.</param>
    /// <param name="g">The gradient of O, (.., L, e).</param>
    public static Tensor?[] Of(Node node, Tensor query, Tensor key, Tensor value, Tensor? mask, Tensor? kept, Tensor g)
    {
        double scale = 1 / Math.Sqrt(query.sizes[^1]);
        Tensor scores = query.mul(scale).matmul(key.mT); // (.., L, S)
        if (mask is { type: ScalarType.Bool }) scores = scores.masked_fill(mask.logical_not(), double.NegativeInfinity);
        else if (mask is not null) scores = scores.add(mask);
        Tensor blind = scores.detach().amax([-1], true).eq(double.NegativeInfinity); // such rows give 0, and have no slope
        Tensor p = scores.masked_fill(blind, 0L).softmax(-1).masked_fill(blind, 0L);
        Tensor dp = g.matmul(value.mT);
        if (kept is not null) dp = dp.mul(kept);
        Tensor ds = p.mul(dp.sub(p.mul(dp).sum(-1, true)));
        return Tape.Composed(
            g,
            node.Needs(0) ? Tape.SumTo(ds.matmul(key).mul(scale), query.sizes) : null,
            node.Needs(1) ? Tape.SumTo(ds.mT.matmul(query).mul(scale), key.sizes) : null,
            node.Needs(2) ? Tape.SumTo((kept is null ? p : p.mul(kept)).mT.matmul(g), value.sizes) : null,
            mask is not null && mask.type != ScalarType.Bool && node.Edges.Length > 3 && node.Needs(3) ? Tape.SumTo(ds, mask.sizes) : null);
    }
}
