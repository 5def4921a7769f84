using TorchSharp.Autograd;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>
/// Attention of float32 heads by the kernel that never holds all scores. Results and gradients lie in memory as
/// (B, L, H, d), so that joining the heads afterwards is a view.
/// </summary>
internal static unsafe class FusedAttention
{
    /// <summary>The result, or null where the kernel doesn't apply (another type, heads that broadcast, a mask with a gradient).</summary>
    public static Tensor? Run(Tensor query, Tensor key, Tensor value, Tensor? mask, double p)
    {
        if (query.type != ScalarType.Float32 || query.Rank is < 2 or > 4 || query.Rank != key.Rank || query.Rank != value.Rank) return null;
        int lead = query.Rank - 2;
        if (!query.sizes.AsSpan(0, lead).SequenceEqual(key.sizes.AsSpan(0, lead)) || !key.sizes.AsSpan(0, lead + 1).SequenceEqual(value.sizes.AsSpan(0, lead + 1))) return null;
        if (query.sizes[^1] != key.sizes[^1] || query.sizes[^1] != value.sizes[^1] || query.Count == 0 || key.Count == 0) return null;
        if (mask is not null && (mask.requiresGrad || mask.Rank > query.Rank || mask.type is not (ScalarType.Bool or ScalarType.Float32))) return null;
        using Tensor q = Heads(query), k = Heads(key), v = Heads(value);
        using Tensor? additive = mask is null ? null : Additive(mask, [.. query.sizes[..^1], key.sizes[^2]]);
        (ulong seed, ulong start) = p > 0 ? Generator.Default.Take(1) : default;
        var shape = new Kernels.AttentionShape((int)q.sizes[0], (int)q.sizes[1], (int)q.sizes[2], (int)k.sizes[2], (int)q.sizes[3],
            Kernels.AttentionShape.DefaultScale((int)q.sizes[3]), (float)p, seed, start);
        bool record = Tape.Records(query, key, value);
        using Tensor o = NewHeads(q.sizes);
        using Tensor? lse = record ? Tensor.Create([q.sizes[0], q.sizes[1], q.sizes[2]], ScalarType.Float32, false) : null;
        Kernels.Attention.Forward(shape, View(q), View(k), View(v), Mask(additive), View(o), lse is null ? null : lse.Ptr<float>());
        Tensor result = Back(o, query.sizes);
        if (!record) return result;
        long[] sq = query.sizes, sk = key.sizes, sv = value.sizes;
        return Tape.Record(result, "ScaledDotProductAttentionBackward", [query, key, value], [q, k, v, additive, lse], (n, g) =>
        {
            using Tensor dy = Heads(g), dq = NewHeads(n.Saved(0).sizes), dk = NewHeads(n.Saved(1).sizes), dv = NewHeads(n.Saved(2).sizes);
            Kernels.Attention.Backward(shape, View(n.Saved(0)), View(n.Saved(1)), View(n.Saved(2)), n.HasSaved(3) ? Mask(n.Saved(3)) : default, n.Saved(4).Ptr<float>(),
                View(dy), View(dq), View(dk), View(dv));
            return [Back(dq, sq), Back(dk, sk), Back(dv, sv)];
        });
    }

    /// <summary>(.., L, d) as (B, H, L, d) with contiguous d; hidden.</summary>
    static Tensor Heads(Tensor x)
    {
        using Tensor rows = x.strides[^1] == 1 || x.sizes[^1] == 1 ? x.Hidden() : x.Dense();
        int missing = 4 - rows.Rank;
        return rows.Window(rows.offset, [.. Enumerable.Repeat(1L, missing), .. rows.sizes], [.. new long[missing], .. rows.strides], false);
    }

    /// <summary>Fresh (B, H, L, d) in memory as (B, L, H, d); hidden.</summary>
    static Tensor NewHeads(long[] s)
    {
        using Tensor memory = Tensor.Create([s[0], s[2], s[1], s[3]], ScalarType.Float32, false);
        return memory.Window(0, s, [memory.strides[0], memory.strides[2], memory.strides[1], 1], false);
    }

    static Tensor Back(Tensor heads, long[] sizes) => heads.Result(sizes, heads.strides[(4 - sizes.Length)..]);

    /// <summary>A mask as numbers to add, read with strides as (B, H, L, S); hidden.</summary>
    static Tensor Additive(Tensor mask, long[] scores)
    {
        using Tensor numbers = mask.type == ScalarType.Bool ? Opened(mask) : mask.Hidden();
        int missing = 4 - scores.Length;
        return numbers.Window(numbers.offset, [.. Enumerable.Repeat(1L, missing), .. scores], [.. new long[missing], .. Shapes.ExpandedStrides(numbers, scores)], false);
    }

    /// <summary>0 where the mask lets through, minus infinity elsewhere.</summary>
    static Tensor Opened(Tensor mask)
    {
        using Tensor flags = mask.Dense();
        Tensor result = Tensor.Create(mask.sizes, ScalarType.Float32, false);
        byte* from = flags.Ptr<byte>();
        float* to = result.Ptr<float>();
        for (long i = 0; i < result.Count; i++) to[i] = from[i] != 0 ? 0 : float.NegativeInfinity;
        return result;
    }

    static Kernels.HeadView View(Tensor x) => new(x.Ptr<float>(), (nint)x.strides[0], (nint)x.strides[1], (nint)x.strides[2]);

    static Kernels.MaskView Mask(Tensor? x) => x is null ? default : new(x.Ptr<float>(), (nint)x.strides[0], (nint)x.strides[1], (nint)x.strides[2], (nint)x.strides[3]);
}
