using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Functions of contiguous elements. The output may be an input; otherwise buffers must not overlap.</summary>
internal static unsafe class Elementwise
{
    /// <summary>y[i] = f(x[i]).</summary>
    internal static void Map<TF>(TF f, float* x, float* y, long n)
        where TF : struct, IUnary
    {
        var kernel = new MapKernel<TF>(f, x, y, n);
        Launch.Over(Groups(n), 16, ref kernel);
    }

    /// <summary>y[i] = f(a[i], b[i]).</summary>
    internal static void Zip<TF>(TF f, float* a, float* b, float* y, long n)
        where TF : struct, IBinary
    {
        var kernel = new ZipKernel<TF>(f, a, b, y, n);
        Launch.Over(Groups(n), 16, ref kernel);
    }

    /// <summary>y[r, j] = f(a[r, j], b[j]) over rows of <paramref name="columns"/> contiguous elements.</summary>
    internal static void ZipRow<TF>(TF f, float* a, float* b, float* y, long rows, int columns)
        where TF : struct, IBinary
    {
        var kernel = new ZipRowKernel<TF>(f, a, b, y, columns);
        Launch.Over(rows, columns, ref kernel);
    }

    /// <summary>y = a + b.</summary>
    internal static void Add(float* a, float* b, float* y, long n) => Zip(default(Functions.Add), a, b, y, n);

    /// <summary>y = a - b.</summary>
    internal static void Subtract(float* a, float* b, float* y, long n) => Zip(default(Functions.Subtract), a, b, y, n);

    /// <summary>y = a b.</summary>
    internal static void Multiply(float* a, float* b, float* y, long n) => Zip(default(Functions.Multiply), a, b, y, n);

    /// <summary>y = a / b.</summary>
    internal static void Divide(float* a, float* b, float* y, long n) => Zip(default(Functions.Divide), a, b, y, n);

    /// <summary>y = alpha x.</summary>
    internal static void Scale(float* x, float alpha, float* y, long n) => Map(new Functions.Scale(alpha), x, y, n);

    /// <summary>y = alpha x + y.</summary>
    internal static void Axpy(float alpha, float* x, float* y, long n) => Zip(new Functions.Axpy(alpha), x, y, y, n);

    /// <summary>y[r, j] = x[r, j] + row[j].</summary>
    internal static void AddRow(float* x, float* row, float* y, long rows, int columns) => ZipRow(default(Functions.Add), x, row, y, rows, columns);

    private static long Groups(long n) => (n + 15) / 16;

    // The last elements go through a full vector of scratch, so that f appears once and is compiled in place.
    private struct MapKernel<TF>(TF f, float* x, float* y, long n) : IKernel
        where TF : struct, IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            float* scratch = stackalloc float[16];
            long stop = Math.Min(n, end * 16);
            for (long i = begin * 16; i < stop; i += 16)
            {
                int count = (int)Math.Min(16, stop - i);
                float* source = x + i;
                float* target = y + i;
                if (count < 16)
                {
                    T.Store(T.LoadPartial(source, count, 0f), scratch);
                    source = target = scratch;
                }

                T.Store(f.Apply(T.Load(source)), target);
                if (count < 16)
                    T.StorePartial(T.Load(scratch), y + i, count);
            }
        }
    }

    private struct ZipKernel<TF>(TF f, float* a, float* b, float* y, long n) : IKernel
        where TF : struct, IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            float* scratch = stackalloc float[32];
            Zip<T, TF>(f, a, b, y, begin * 16, Math.Min(n, end * 16), scratch);
        }
    }

    private struct ZipRowKernel<TF>(TF f, float* a, float* b, float* y, int columns) : IKernel
        where TF : struct, IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            float* scratch = stackalloc float[32];
            for (long r = begin; r < end; r++)
                Zip<T, TF>(f, a + (r * columns), b, y + (r * columns), 0, columns, scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zip<T, TF>(TF f, float* a, float* b, float* y, long begin, long stop, float* scratch)
        where T : unmanaged, ILanes<T>
        where TF : struct, IBinary
    {
        for (long i = begin; i < stop; i += 16)
        {
            int count = (int)Math.Min(16, stop - i);
            float* first = a + i;
            float* second = b + i;
            float* target = y + i;
            if (count < 16)
            {
                T.Store(T.LoadPartial(first, count, 0f), scratch);
                T.Store(T.LoadPartial(second, count, 0f), scratch + 16);
                first = target = scratch;
                second = scratch + 16;
            }

            T.Store(f.Apply(T.Load(first), T.Load(second)), target);
            if (count < 16)
                T.StorePartial(T.Load(scratch), y + i, count);
        }
    }
}
