using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Sums along one row in the fixed order of every row kernel: element i goes to accumulator (i / 16) % 4, lane i % 16;
/// then (0 + 2) + (1 + 3), then the lanes' tree. Elements that contribute +0 after the row's end change nothing.
/// Each function is compiled by itself: several in one kernel have more locals than the compiler inlines operations for.
/// </summary>
internal static unsafe class RowSums
{
    /// <summary>sum of f(x[i]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static float Sum<T, TF>(TF f, float* x, int n)
        where T : unmanaged, ILanes<T>
        where TF : struct, IUnary
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int i = 0;
        for (; i <= n - 64; i += 64)
        {
            s0 += f.Apply(T.Load(x + i));
            s1 += f.Apply(T.Load(x + i + 16));
            s2 += f.Apply(T.Load(x + i + 32));
            s3 += f.Apply(T.Load(x + i + 48));
        }

        for (int slot = 0; i < n; i += 16, slot++)
        {
            int count = n - i;
            var v = f.Apply(count >= 16 ? T.Load(x + i) : T.LoadPartial(x + i, count, 0f));
            if (count < 16)
                v = T.And(v, T.First(count));
            if (slot == 0)
                s0 += v;
            else if (slot == 1)
                s1 += v;
            else if (slot == 2)
                s2 += v;
            else
                s3 += v;
        }

        return T.Sum((s0 + s2) + (s1 + s3));
    }

    /// <summary>y[i] = f(x[i]) and their sum; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static float MapSum<T, TF>(TF f, float* x, float* y, int n)
        where T : unmanaged, ILanes<T>
        where TF : struct, IUnary
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int i = 0;
        for (; i <= n - 64; i += 64)
        {
            var v0 = f.Apply(T.Load(x + i));
            var v1 = f.Apply(T.Load(x + i + 16));
            var v2 = f.Apply(T.Load(x + i + 32));
            var v3 = f.Apply(T.Load(x + i + 48));
            T.Store(v0, y + i);
            T.Store(v1, y + i + 16);
            T.Store(v2, y + i + 32);
            T.Store(v3, y + i + 48);
            s0 += v0;
            s1 += v1;
            s2 += v2;
            s3 += v3;
        }

        for (int slot = 0; i < n; i += 16, slot++)
        {
            int count = n - i;
            var v = f.Apply(count >= 16 ? T.Load(x + i) : T.LoadPartial(x + i, count, 0f));
            if (count >= 16)
            {
                T.Store(v, y + i);
            }
            else
            {
                v = T.And(v, T.First(count));
                T.StorePartial(v, y + i, count);
            }

            if (slot == 0)
                s0 += v;
            else if (slot == 1)
                s1 += v;
            else if (slot == 2)
                s2 += v;
            else
                s3 += v;
        }

        return T.Sum((s0 + s2) + (s1 + s3));
    }

    /// <summary>sum of f(a[i], b[i]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static float Sum2<T, TF>(TF f, float* a, float* b, int n)
        where T : unmanaged, ILanes<T>
        where TF : struct, IBinary
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int i = 0;
        for (; i <= n - 64; i += 64)
        {
            s0 += f.Apply(T.Load(a + i), T.Load(b + i));
            s1 += f.Apply(T.Load(a + i + 16), T.Load(b + i + 16));
            s2 += f.Apply(T.Load(a + i + 32), T.Load(b + i + 32));
            s3 += f.Apply(T.Load(a + i + 48), T.Load(b + i + 48));
        }

        for (int slot = 0; i < n; i += 16, slot++)
        {
            int count = n - i;
            var v = count >= 16
                ? f.Apply(T.Load(a + i), T.Load(b + i))
                : T.And(f.Apply(T.LoadPartial(a + i, count, 0f), T.LoadPartial(b + i, count, 0f)), T.First(count));
            if (slot == 0)
                s0 += v;
            else if (slot == 1)
                s1 += v;
            else if (slot == 2)
                s2 += v;
            else
                s3 += v;
        }

        return T.Sum((s0 + s2) + (s1 + s3));
    }

    /// <summary>The largest element; NaN are passed over. n at least 1; -infinity where there is none other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static float Max<T>(float* x, int n)
        where T : unmanaged, ILanes<T>
    {
        var low = T.Splat(float.NegativeInfinity);
        T m0 = low, m1 = low, m2 = low, m3 = low;
        int i = 0;
        for (; i <= n - 64; i += 64)
        {
            m0 = T.Max(T.Load(x + i), m0);
            m1 = T.Max(T.Load(x + i + 16), m1);
            m2 = T.Max(T.Load(x + i + 32), m2);
            m3 = T.Max(T.Load(x + i + 48), m3);
        }

        for (; i <= n - 16; i += 16)
            m0 = T.Max(T.Load(x + i), m0);
        if (i < n)
            m0 = T.Max(T.LoadPartial(x + i, n - i, float.NegativeInfinity), m0);
        return T.MaxOf(T.Max(T.Max(m0, m2), T.Max(m1, m3)));
    }
}
