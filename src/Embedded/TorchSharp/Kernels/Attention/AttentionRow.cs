using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>What attention does to one row of raw scores q k^T.</summary>
internal static unsafe class AttentionRow
{
    /// <summary>x = x scale + mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static float Exponentials<T>(float* x, int n, out float inverse)
        where T : unmanaged, ILanes<T>
    {
        float max = RowSums.Max<T>(x, n);
        float shift = float.IsNegativeInfinity(max) ? 0f : max;
        float sum = RowSums.MapSum<T, RowFunctions.ExpLess>(new(shift), x, x, n);
        inverse = sum == 0f ? 0f : 1f / sum;
        return shift + RowFunctions.Log<T>(sum);
    }

    /// <summary>y = keep(j) ? x / (1 - p) : 0. A draw depends on the call and its own (batch, head, query, key), never on how many of them there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Drop<T>(float* x, float* y, int n, in AttentionShape shape, int batch, int head, int query)
        where T : unmanaged, ILanes<T>
    {
        const int Batch = 8;
        float* uniform = stackalloc float[Batch * Philox.BlockSize];
        var drop = new Keep(shape.Dropout);
        ulong first = shape.DropBlock(batch, head, query);
        for (int j = 0; j < n; j += Batch * Philox.BlockSize)
        {
            int count = Math.Min(Batch * Philox.BlockSize, n - j);
            Philox.Uniform(shape.Seed, shape.Offset, first + (ulong)(j / Philox.BlockSize), (count + Philox.BlockSize - 1) / Philox.BlockSize, uniform);
            RowFunctions.Map2<T, Keep>(drop, x + j, uniform, y + j, count);
        }
    }

    /// <summary>x = e^(x - lse): the probabilities again. Where every key is masked lse is -infinity and all are 0, as they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Probabilities<T>(float* x, float lse, int n)
        where T : unmanaged, ILanes<T> =>
        RowFunctions.Map<T, RowFunctions.ExpLess>(new(float.IsNegativeInfinity(lse) ? 0f : lse), x, x, n);

    /// <summary>dp = p (dp - sum(p dp)) scale: the gradient of the raw scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Gradient<T>(float* p, float* dp, float scale, int n)
        where T : unmanaged, ILanes<T>
    {
        float delta = RowSums.Sum2<T, Functions.Multiply>(default, p, dp, n);
        RowFunctions.Map2<T, ScoreGradient>(new(delta, scale), p, dp, dp, n);
    }

    /// <summary>x = x factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Scale<T>(float* x, float factor, int n)
        where T : unmanaged, ILanes<T> => RowFunctions.Map<T, Functions.Scale>(new(factor), x, x, n);

    /// <summary>p (dp - delta) scale.</summary>
    private readonly struct ScoreGradient(float delta, float scale) : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => a * (b - T.Splat(delta)) * T.Splat(scale);
    }

    private readonly struct Keep(float p) : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => T.Select(T.Greater(T.Splat(p), b), T.Zero, a * T.Splat(Dropout.Factor(p)));
    }
}
