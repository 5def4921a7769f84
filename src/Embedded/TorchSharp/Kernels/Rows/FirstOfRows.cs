using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>The places of the first k elements of each row in order, for k far below the row's length: one pass that keeps the best so far.</summary>
internal static unsafe class FirstOfRows
{
    /// <summary>places[r, 0..k): of the largest elements of row r (n long) where <paramref name="descending"/>, else of the smallest; NaN is above all, of equals the earlier comes first.</summary>
    internal static void Find(float* x, long* places, long rows, int n, int k, bool descending)
    {
        if (k == 0)
            return;
        var kernel = new Kernel(x, places, n, k, descending);
        Launch.Over(rows, 2L * n, ref kernel);
    }

    /// <summary>Below 0 where a comes before b.</summary>
    internal static int Compare<T>(T a, T b, bool descending)
        where T : unmanaged, INumber<T>
    {
        bool na = T.IsNaN(a), nb = T.IsNaN(b);
        int c = na || nb ? na.CompareTo(nb) : a.CompareTo(b);
        return descending ? -c : c;
    }

    /// <summary>Puts element i where it belongs among the best so far, the last of which may fall out.</summary>
    internal static void Insert<T>(T* x, long* places, int i, ref int held, int k, bool descending)
        where T : unmanaged, INumber<T>
    {
        // Of equals the earlier stays ahead, so a later element must be strictly better.
        if (held == k && Compare(x[i], x[places[k - 1]], descending) >= 0)
            return;
        int at = held < k ? held++ : k - 1;
        while (at > 0 && Compare(x[i], x[places[at - 1]], descending) < 0)
        {
            places[at] = places[at - 1];
            at--;
        }

        places[at] = i;
    }

    private struct Kernel(float* x, long* places, int n, int k, bool descending) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float* row = x + (r * n);
                long* best = places + (r * k);
                int held = 0, i = 0;
                for (; i < k; i++)
                    Insert(row, best, i, ref held, k, descending);
                while (i < n)
                {
                    i = Skip<T>(row, i, row[best[k - 1]]);
                    for (int last = Math.Min(n, i + 16); i < last; i++)
                        Insert(row, best, i, ref held, k, descending);
                }
            }
        }

        /// <summary>From i on by sixteens: where the first are among which one is better than the worst that is kept; the last few are left to the caller.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private readonly int Skip<T>(float* row, int i, float worst)
            where T : unmanaged, ILanes<T>
        {
            if (float.IsNaN(worst))
            {
                // Nothing is above NaN; below it is every number.
                if (descending)
                    return n;
                return i;
            }

            var bound = T.Splat(worst);
            if (descending)
            {
                for (; i <= n - 32; i += 32)
                {
                    // What is not below or the same is larger, or NaN.
                    T a = T.Load(row + i), b = T.Load(row + i + 16);
                    uint below = T.SignBits(T.And(T.Or(T.Greater(bound, a), T.Same(bound, a)), T.Or(T.Greater(bound, b), T.Same(bound, b))));
                    if (below != 0xFFFF)
                        break;
                }

                for (; i <= n - 16; i += 16)
                {
                    T a = T.Load(row + i);
                    if (T.SignBits(T.Or(T.Greater(bound, a), T.Same(bound, a))) != 0xFFFF)
                        break;
                }
            }
            else
            {
                for (; i <= n - 32; i += 32)
                {
                    if (T.SignBits(T.Or(T.Greater(bound, T.Load(row + i)), T.Greater(bound, T.Load(row + i + 16)))) != 0)
                        break;
                }

                for (; i <= n - 16; i += 16)
                {
                    if (T.SignBits(T.Greater(bound, T.Load(row + i))) != 0)
                        break;
                }
            }

            return i;
        }
    }
}
