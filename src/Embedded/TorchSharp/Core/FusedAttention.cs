using TorchSharp.Autograd;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>
/// Attention of float32 heads by the kernel that never holds all scores. Results and gradients lie in memory as
/// (B, L, H, d), so that joining the heads afterwards is a view.
/// </summary>
internal static unsafe class FusedAttention
{
    /// <summary>Where the queries, keys and values stand among what is saved, if what the kernel read are copies of them.</summary>
    const int Copies = 5;

    /// <summary>The result, or null where the kernel doesn't apply (another type, heads that broadcast, a mask with a gradient).</summary>
    public static Tensor? Run(Tensor query, Tensor key, Tensor value, Tensor? mask, double p)
    {
        if (query.type != ScalarType.Float32 || query.Rank is < 2 or > 4 || query.Rank != key.Rank || query.Rank != value.Rank) return null;
        int lead = query.Rank - 2;
        if (!query.sizes.AsSpan(0, lead).SequenceEqual(key.sizes.AsSpan(0, lead)) || !key.sizes.AsSpan(0, lead + 1).SequenceEqual(value.sizes.AsSpan(0, lead + 1))) return null;
        if (query.sizes[^1] != key.sizes[^1] || query.sizes[^1] != value.sizes[^1] || query.Count == 0 || key.Count == 0) return null;
        if (mask is not null && (mask.requiresGrad || mask.Rank > query.Rank || mask.type is not (ScalarType.Bool or ScalarType.Float32))) return null;
        long[] scores = Shapes.WithLast(query.sizes, key.sizes[^2]);
        Tensor q = Readable(query), k = Readable(key), v = Readable(value);
        Tensor? additive = mask is { type: ScalarType.Bool } ? Opened(mask) : mask;
        try
        {
            var shape = Shape(query.sizes, key.sizes[^2], p);
            bool record = Tape.Records(query, key, value);
            using Tensor? lse = record ? Tensor.Create(query.sizes.AsSpan()[..^1], ScalarType.Float32, false) : null;
            Tensor result = NewHeads(query.sizes);
            Kernels.Attention.Forward(shape, View(q), View(k), View(v), Mask(additive, scores), View(result), lse is null ? null : lse.Ptr<float>());
            GC.KeepAlive(query);
            GC.KeepAlive(key);
            GC.KeepAlive(value);
            GC.KeepAlive(mask);
            return record ? Recorded(result, query, key, value, [q, k, v, additive, lse], shape, scores) : result;
        }
        finally
        {
            if (!ReferenceEquals(q, query)) q.Dispose();
            if (!ReferenceEquals(k, key)) k.Dispose();
            if (!ReferenceEquals(v, value)) v.Dispose();
            if (!ReferenceEquals(additive, mask)) additive!.Dispose();
        }
    }

    static Tensor Recorded(Tensor result, Tensor query, Tensor key, Tensor value, Tensor?[] saved, Kernels.AttentionShape shape, long[] scores)
    {
        long[] sq = query.sizes, sk = key.sizes;
        // The mask stands among the inputs although it wants no gradient, so that it is known for a constant.
        Tensor? mask = saved[3];
        saved = [.. saved, ReferenceEquals(saved[0], query) ? null : query, ReferenceEquals(saved[1], key) ? null : key, ReferenceEquals(saved[2], value) ? null : value];
        return Tape.Record(result, "ScaledDotProductAttentionBackward", [query, key, value, mask], saved, (n, g) =>
        {
            if (GradMode.Enabled)
            {
                Tensor Given(int i) => n.Saved(n.HasSaved(Copies + i) ? Copies + i : i);
                Tensor q = Given(0), k = Given(1), v = Given(2);
                if (Tape.Records(q, k, v) || Tape.Records(g))
                    return AttentionGradients.Of(n, q, k, v, n.HasSaved(3) ? n.Saved(3) : null, Kept(shape, scores), g);
            }

            Tensor dy = Readable(g), dq = NewHeads(sq), dk = NewHeads(sk), dv = NewHeads(sk);
            Kernels.Attention.Backward(shape, View(n.Saved(0)), View(n.Saved(1)), View(n.Saved(2)), n.HasSaved(3) ? Mask(n.Saved(3), scores) : default, n.Saved(4).Ptr<float>(),
                View(dy), View(dq), View(dk), View(dv));
            if (!ReferenceEquals(dy, g)) dy.Dispose();
            return [dq, dk, dv];
        });
    }

    /// <summary>
    /// What dropout multiplied each probability by, (.., L, S), or null without dropout: drawn again by the kernel itself,
    /// whose probabilities are all the same where queries and keys are 0, and which gives them as they are where the values are 1 on the diagonal.
    /// </summary>
    static Tensor? Kept(Kernels.AttentionShape shape, long[] scores)
    {
        if (shape.Dropout <= 0) return null;
        long keys = scores[^1];
        Tensor queries = zeros(scores), place = eye(keys), same = zeros(keys, keys), drawn = Tensor.Create(scores, ScalarType.Float32);
        Kernels.Attention.Forward(shape with { Dim = (int)keys }, View(queries), Shared(same), Shared(place), default, View(drawn), null);
        Tensor kept = drawn.gt(0L).to_type(ScalarType.Float32).mul(Kernels.Dropout.Factor(shape.Dropout));
        kept.isConstant = true;
        return kept;

        static Kernels.HeadView Shared(Tensor x) => new(x.Ptr<float>(), 0, 0, (nint)x.strides[0]);
    }

    /// <summary>The kernel's sizes for queries (.., L, d); dropout draws from the default generator.</summary>
    static Kernels.AttentionShape Shape(long[] queries, long keys, double p)
    {
        int rank = queries.Length, dim = (int)queries[^1];
        Kernels.AttentionShape shape = new((int)(rank > 3 ? queries[0] : 1), (int)(rank > 2 ? queries[^3] : 1), (int)queries[^2], (int)keys, dim, Kernels.AttentionShape.DefaultScale(dim), (float)p);
        if (p <= 0) return shape;
        shape.CheckDropout();
        (ulong seed, ulong start) = Generator.Default.Take(1);
        return shape with { Seed = seed, Offset = start };
    }

    /// <summary>(.., L, d) with contiguous d: the tensor itself, or a hidden copy.</summary>
    static Tensor Readable(Tensor x) => x.strides[^1] == 1 || x.sizes[^1] == 1 ? x : x.Dense();

    /// <summary>A fresh tensor of (.., L, d) that lies in memory as (B, L, H, d).</summary>
    static Tensor NewHeads(long[] sizes)
    {
        int rank = sizes.Length;
        long heads = rank > 2 ? sizes[^3] : 1;
        Span<long> strides = stackalloc long[rank];
        strides[^1] = 1;
        strides[^2] = heads * sizes[^1];
        if (rank > 2) strides[^3] = sizes[^1];
        if (rank > 3) strides[^4] = sizes[^2] * strides[^2];
        return Tensor.Make(TensorBuffer.Rent(Shapes.Numel(sizes) * sizeof(float)), 0, sizes, ShapeCache.Of(strides), ScalarType.Float32);
    }

    /// <summary>0 where the mask lets through, minus infinity elsewhere.</summary>
    static Tensor Opened(Tensor mask)
    {
        using DenseRead flags = new(mask);
        Tensor result = Tensor.Create(mask.sizes, ScalarType.Float32, false);
        byte* from = flags.Ptr<byte>();
        float* to = result.Ptr<float>();
        for (long i = 0; i < result.Count; i++) to[i] = from[i] != 0 ? 0 : float.NegativeInfinity;
        return result;
    }

    static Kernels.HeadView View(Tensor x)
    {
        long[] s = x.strides;
        return new(x.Ptr<float>(), (nint)(s.Length > 3 ? s[0] : 0), (nint)(s.Length > 2 ? s[^3] : 0), (nint)s[^2]);
    }

    /// <summary>A mask read with strides as (B, H, L, S).</summary>
    static Kernels.MaskView Mask(Tensor? x, long[] scores)
    {
        if (x is null) return default;
        long[] s = Shapes.ExpandedStrides(x, scores);
        return new(x.Ptr<float>(), (nint)(s.Length > 3 ? s[0] : 0), (nint)(s.Length > 2 ? s[^3] : 0), (nint)s[^2], (nint)s[^1]);
    }
}
