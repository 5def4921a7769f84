using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>One number for each row of a contiguous rows x n matrix.</summary>
internal static unsafe class ReduceRows
{
    /// <summary>y[r] = the sum of row r.</summary>
    internal static void Sum(float* x, float* y, long rows, int n)
    {
        var kernel = new SumKernel(x, y, n);
        Launch.Over(rows, n, ref kernel);
    }

    /// <summary>y[r] = ln sum e^x over row r; -infinity contributes nothing; a row of nothing else gives -infinity.</summary>
    internal static void LogSumExp(float* x, float* y, long rows, int n)
    {
        var kernel = new LogSumExpKernel(x, y, n);
        Launch.Over(rows, 4L * n, ref kernel);
    }

    /// <summary>The largest element of each row and its first index; the first NaN where there is one. n at least 1; either output may be null.</summary>
    internal static void Max(float* x, float* values, long* indices, long rows, int n)
    {
        var kernel = new MaxKernel(x, values, indices, n);
        Launch.Over(rows, 2L * n, ref kernel);
    }

    /// <summary>max + ln sum e^(x - max), finite where any element is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float LogSumExpOf<T>(float* x, int n)
        where T : unmanaged, ILanes<T>
    {
        float max = n > 0 ? RowSums.Max<T>(x, n) : float.NegativeInfinity;
        float shift = float.IsInfinity(max) ? 0f : max;
        return shift + RowFunctions.Log<T>(RowSums.Sum<T, RowFunctions.ExpLess>(new(shift), x, n));
    }

    private struct SumKernel(float* x, float* y, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
                y[r] = RowSums.Sum<T, Functions.Copy>(default, x + (r * n), n);
        }
    }

    private struct LogSumExpKernel(float* x, float* y, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
                y[r] = LogSumExpOf<T>(x + (r * n), n);
        }
    }

    private struct MaxKernel(float* x, float* values, long* indices, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float* row = x + (r * n);
                float max = RowSums.Max<T>(row, n);
                int index = Find<T>(row, n, max);
                if (values != null)
                    values[r] = row[index];
                if (indices != null)
                    indices[r] = index;
            }
        }

        // The first NaN, else the first element equal to the maximum.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static int Find<T>(float* row, int n, float max)
            where T : unmanaged, ILanes<T>
        {
            int found = n;
            var target = T.Splat(max);
            var ones = T.Same(T.Zero, T.Zero);
            for (int i = 0; i < n; i += 16)
            {
                int count = Math.Min(16, n - i);
                var v = count == 16 ? T.Load(row + i) : T.LoadPartial(row + i, count, float.NegativeInfinity);
                uint lanes = count == 16 ? 0xFFFFu : (1u << count) - 1;
                uint hit = T.SignBits(T.Same(v, target)) & lanes;
                uint nan = ~T.SignBits(T.And(T.Same(v, v), ones)) & lanes;
                if (nan != 0)
                    return i + System.Numerics.BitOperations.TrailingZeroCount(nan);
                if (hit != 0 && found == n)
                    found = i + System.Numerics.BitOperations.TrailingZeroCount(hit);
            }

            return found;
        }
    }
}
