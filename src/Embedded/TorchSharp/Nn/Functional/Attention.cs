using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// softmax(Q K^T / sqrt(d) + mask) V: query (.., L, d), key (.., S, d), value (.., S, e). A mask of bool lets
            /// through where it is true; one of numbers is added. A query that may look at nothing gives 0.
            /// </summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (is_casual && attn_mask is not null) throw new ArgumentException("Explicit attn_mask should not be set when is_causal=True");
                if (query.type != key.type || query.type != value.type)
                    throw new ExternalException($"Expected query, key, and value to have the same dtype, but got query.dtype: {Names.Of(query.type)} key.dtype: {Names.Of(key.type)} and value.dtype: {Names.Of(value.type)} instead.");
                using Tensor? square = is_casual ? ones(query.sizes[^2], key.sizes[^2], ScalarType.Bool) : null, causal = square?.tril();
                attn_mask ??= causal;
                return FusedAttention.Run(query, key, value, attn_mask, p) ?? Attend(query, key, value, attn_mask, p);
            }

            /// <summary>By the definition, for what the kernel doesn't take.</summary>
            static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? attn_mask, double p)
            {
                double scale = 1 / Math.Sqrt(query.sizes[^1]);
                Tensor result;
                Tensor weights;
                Tensor? kept = null;
                using (DisposeScope scope = NewDisposeScope())
                {
                    using IDisposable mode = no_grad();
                    Tensor scores = query.mul(scale).matmul(key.mT); // (.., L, S)
                    if (attn_mask is { type: ScalarType.Bool }) scores = scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity);
                    else if (attn_mask is not null) scores = scores.add(attn_mask);
                    Tensor blind = scores.amax([-1], true).eq(double.NegativeInfinity);
                    weights = scores.softmax(-1).masked_fill(blind, 0L);
                    if (p > 0) (kept = dropout(torch.ones_like(weights), p)).isConstant = true;
                    result = scope.MoveToOuter((kept is null ? weights : weights.mul(kept)).matmul(value)); // (.., L, e)
                    weights = scope.Detach(weights);
                    if (kept is not null) scope.Detach(kept);
                }
                using (weights)
                using (kept)
                {
                    bool additive = attn_mask is { requiresGrad: true } && attn_mask.type != ScalarType.Bool;
                    if (!Tape.Records(query, key, value) && !(additive && GradMode.Enabled)) return result;
                    long[] q = query.sizes, k = key.sizes, v = value.sizes, m = additive ? attn_mask!.sizes : [];
                    return Tape.Record(result, "ScaledDotProductAttentionBackward", [query, key, value, attn_mask], [query, key, value, weights, kept, attn_mask], (n, g) =>
                    {
                        if (Tape.Records(n.Saved(0), n.Saved(1), n.Saved(2)) || Tape.Records(g))
                            return AttentionGradients.Of(n, n.Saved(0), n.Saved(1), n.Saved(2), n.HasSaved(5) ? n.Saved(5) : null, n.HasSaved(4) ? n.Saved(4) : null, g);
                        Tensor a = n.Saved(3), used = n.HasSaved(4) ? a.mul(n.Saved(4)) : a;
                        Tensor? dv = n.Needs(2) ? Tape.SumTo(used.mT.matmul(g), v) : null;
                        Tensor da = g.matmul(n.Saved(2).mT);
                        if (n.HasSaved(4)) da = da.mul(n.Saved(4));
                        Tensor ds = a.mul(da.sub(a.mul(da).sum(-1, true)));
                        return
                        [
                            n.Needs(0) ? Tape.SumTo(ds.matmul(n.Saved(1)).mul(scale), q) : null,
                            n.Needs(1) ? Tape.SumTo(ds.mT.matmul(n.Saved(0)).mul(scale), k) : null,
                            dv,
                            n.Needs(3) ? Tape.SumTo(ds, m) : null,
                        ];
                    });
                }
            }
        }
    }
}
