using TorchSharp.Kernels;

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
internal static unsafe class StrideWalk
{
    /// <summary>Elements of one run that are handed over together.</summary>
    const long Block = 8192;

    /// <summary>Run by run in row-major order, on the calling thread.</summary>
    public static void Run<TBody>(ReadOnlySpan<long> shape, ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> c, ref TBody body)
        where TBody : struct, IWalkBody => Walk(shape, a, b, c, ref body, false);

    /// <summary>For bodies that write c's elements alone: in any order, on several threads where that pays and no two places of c lie on one element.</summary>
    public static void Spread<TBody>(ReadOnlySpan<long> shape, ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> c, ref TBody body)
        where TBody : struct, IWalkBody => Walk(shape, a, b, c, ref body, Shapes.IsDisjoint(shape, c));

    static void Walk<TBody>(ReadOnlySpan<long> shape, ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> c, ref TBody body, bool spread)
        where TBody : struct, IWalkBody
    {
        int capacity = shape.Length + 1;
        long* n = stackalloc long[capacity], sa = stackalloc long[capacity], sb = stackalloc long[capacity], sc = stackalloc long[capacity];
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
        long runs = 1;
        for (int d = 0; d < rank - 1; d++) runs *= n[d];
        var kernel = new Kernel<TBody>(body, n, sa, sb, sc, rank);
        if (!spread) kernel.Run<Lanes128>(0, runs);
        else if (rank > 1) Launch.Over(runs, n[rank - 1], ref kernel);
        else
        {
            var one = new OneRun<TBody>(body, n[0], sa[0], sb[0], sc[0]);
            Launch.Over((n[0] + Block - 1) / Block, Block, ref one);
        }
    }

    /// <summary>Some of the runs; the arrays lie on the caller's stack.</summary>
    struct Kernel<TBody>(TBody body, long* n, long* sa, long* sb, long* sc, int rank) : IKernel where TBody : struct, IWalkBody
    {
        TBody own = body;

        public void Run<T>(long begin, long end) where T : unmanaged, ILanes<T>
        {
            int last = rank - 1;
            long* at = stackalloc long[rank];
            long oa = 0, ob = 0, oc = 0, rest = begin;
            for (int d = last - 1; d >= 0; d--)
            {
                (rest, at[d]) = Math.DivRem(rest, n[d]);
                oa += at[d] * sa[d];
                ob += at[d] * sb[d];
                oc += at[d] * sc[d];
            }
            for (long run = begin; run < end; run++)
            {
                own.Run(oa, ob, oc, sa[last], sb[last], sc[last], n[last]);
                for (int d = last - 1; d >= 0; d--)
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
            }
        }
    }

    /// <summary>Some blocks of the only run.</summary>
    struct OneRun<TBody>(TBody body, long n, long sa, long sb, long sc) : IKernel where TBody : struct, IWalkBody
    {
        TBody own = body;

        public void Run<T>(long begin, long end) where T : unmanaged, ILanes<T>
        {
            long first = begin * Block;
            own.Run(first * sa, first * sb, first * sc, sa, sb, sc, Math.Min(n, end * Block) - first);
        }
    }
}
