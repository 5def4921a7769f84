namespace TorchSharp.Core;

/// <summary>One run along the innermost dimension: offsets and strides of three operands, in elements.</summary>
internal interface IWalkBody
{
    void Run(long a, long b, long c, long strideA, long strideB, long strideC, long count);
}

/// <summary>
/// Walks three operands of one shape with a stride each. Dimensions that lie one behind the other are merged first,
/// so that contiguous operands are one run.
/// </summary>
internal static class StrideWalk
{
    public static void Run<TBody>(ReadOnlySpan<long> shape, ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> c, ref TBody body)
        where TBody : struct, IWalkBody
    {
        int capacity = shape.Length + 1;
        Span<long> n = stackalloc long[capacity], sa = stackalloc long[capacity], sb = stackalloc long[capacity], sc = stackalloc long[capacity], at = stackalloc long[capacity];
        int rank = 0;
        for (int d = 0; d < shape.Length; d++)
        {
            if (shape[d] == 0) return;
            if (shape[d] == 1) continue;
            if (rank > 0 && sa[rank - 1] == a[d] * shape[d] && sb[rank - 1] == b[d] * shape[d] && sc[rank - 1] == c[d] * shape[d])
            {
                n[rank - 1] *= shape[d];
                (sa[rank - 1], sb[rank - 1], sc[rank - 1]) = (a[d], b[d], c[d]);
                continue;
            }
            n[rank] = shape[d];
            (sa[rank], sb[rank], sc[rank]) = (a[d], b[d], c[d]);
            rank++;
        }
        if (rank == 0)
        {
            body.Run(0, 0, 0, 1, 1, 1, 1);
            return;
        }
        int last = rank - 1;
        long oa = 0, ob = 0, oc = 0;
        at.Clear();
        while (true)
        {
            body.Run(oa, ob, oc, sa[last], sb[last], sc[last], n[last]);
            int d = last - 1;
            for (; d >= 0; d--)
            {
                oa += sa[d];
                ob += sb[d];
                oc += sc[d];
                if (++at[d] < n[d]) break;
                oa -= sa[d] * n[d];
                ob -= sb[d] * n[d];
                oc -= sc[d] * n[d];
                at[d] = 0;
            }
            if (d < 0) return;
        }
    }
}
