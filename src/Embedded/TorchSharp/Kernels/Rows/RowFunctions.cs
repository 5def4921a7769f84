using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Functions of one row inside a kernel, on the calling thread; compiled by themselves as <see cref="RowSums"/>.</summary>
internal static unsafe class RowFunctions
{
    /// <summary>y[i] = f(x[i]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Map<T, TF>(TF f, float* x, float* y, int n)
        where T : unmanaged, ILanes<T>
        where TF : struct, IUnary
    {
        int i = 0;
        for (; i <= n - 16; i += 16)
            T.Store(f.Apply(T.Load(x + i)), y + i);
        if (i < n)
            T.StorePartial(f.Apply(T.LoadPartial(x + i, n - i, 0f)), y + i, n - i);
    }

    /// <summary>y[i] = f(a[i], b[i]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Map2<T, TF>(TF f, float* a, float* b, float* y, int n)
        where T : unmanaged, ILanes<T>
        where TF : struct, IBinary
    {
        int i = 0;
        for (; i <= n - 16; i += 16)
            T.Store(f.Apply(T.Load(a + i), T.Load(b + i)), y + i);
        if (i < n)
            T.StorePartial(f.Apply(T.LoadPartial(a + i, n - i, 0f), T.LoadPartial(b + i, n - i, 0f)), y + i, n - i);
    }

    /// <summary>ln of one number, by the lanes' polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static float Log<T>(float x)
        where T : unmanaged, ILanes<T>
    {
        float result;
        T.StorePartial(LaneMath.Log(T.Splat(x)), &result, 1);
        return result;
    }

    /// <summary>e^(x - shift).</summary>
    internal readonly struct ExpLess(float shift) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => LaneMath.Exp(x - T.Splat(shift));
    }

    /// <summary>(x - first) - second.</summary>
    internal readonly struct LessTwo(float first, float second) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => (x - T.Splat(first)) - T.Splat(second);
    }

    /// <summary>a (b - shift).</summary>
    internal readonly struct TimesLess(float shift) : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => a * (b - T.Splat(shift));
    }

    /// <summary>b - e^a factor.</summary>
    internal readonly struct LessExpTimes(float factor) : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => b - (LaneMath.Exp(a) * T.Splat(factor));
    }

    /// <summary>(x - mean)^2.</summary>
    internal readonly struct SquareLess(float mean) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T>
        {
            var d = x - T.Splat(mean);
            return d * d;
        }
    }
}
