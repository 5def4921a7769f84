using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>What attention does to one row of raw scores q k^T.</summary>
internal static unsafe class AttentionRow
{
    /// <summary>x = x scale + mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ScaleMask<T>(float* x, float scale, float* mask, nint keyStride, int n)
        where T : unmanaged, ILanes<T>
    {
        if (mask == null)
        {
            RowFunctions.Map<T, Functions.Scale>(new(scale), x, x, n);
        }
        else if (keyStride == 1)
        {
            RowFunctions.Map2<T, Functions.Axpy>(new(scale), x, mask, x, n);
        }
        else
        {
            for (int j = 0; j < n; j++)
                x[j] = MathF.FusedMultiplyAdd(scale, x[j], mask[j * keyStride]);
        }
    }

    /// <summary>x = e^(x - max); returns max + ln sum (-infinity where every key is masked) and 1 / sum (0 there).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Exponentials<T>(float* x, int n, out float inverse)
        where T : unmanaged, ILanes<T>
    {
        float max = RowSums.Max<T>(x, n);
        float shift = float.IsNegativeInfinity(max) ? 0f : max;
        float sum = RowSums.MapSum<T, RowFunctions.ExpLess>(new(shift), x, x, n);
        inverse = sum == 0f ? 0f : 1f / sum;
        return shift + RowFunctions.Log<T>(sum);
    }

    /// <summary>y = keep(j) ? x / (1 - p) : 0 for the row's own stretch of the random stream.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Drop<T>(float* x, float* y, int n, in AttentionShape shape, long row)
        where T : unmanaged, ILanes<T>
    {
        float* uniform = stackalloc float[Philox.BlockSize];
        int blocks = (n + Philox.BlockSize - 1) / Philox.BlockSize;
        var drop = new Keep(shape.Dropout);
        for (int block = 0; block < blocks; block++)
        {
            Philox.Uniform(shape.Seed, shape.Offset, (ulong)((row * blocks) + block), uniform);
            int j = block * Philox.BlockSize;
            RowFunctions.Map2<T, Keep>(drop, x + j, uniform, y + j, Math.Min(Philox.BlockSize, n - j));
        }
    }

    private readonly struct Keep(float p) : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => T.Select(T.Greater(T.Splat(p), b), T.Zero, a * T.Splat(Dropout.Factor(p)));
    }
}
