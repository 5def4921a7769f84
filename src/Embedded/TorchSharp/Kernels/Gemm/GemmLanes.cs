using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Tiles of 4, 2 and 1 rows by 16 columns for any width of machine; arguments as of <see cref="IGemmTile.Run"/>.</summary>
internal static unsafe class GemmLanes
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run4<T>(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
        where T : unmanaged, ILanes<T>
    {
        T c0 = T.Zero, c1 = T.Zero, c2 = T.Zero, c3 = T.Zero;
        if (resume)
        {
            c0 = T.Load(c);
            c1 = T.Load(c + strideC);
            c2 = T.Load(c + (2 * strideC));
            c3 = T.Load(c + (3 * strideC));
        }

        do
        {
            var x = T.Load(b);
            c0 = T.Fma(T.Splat(a[0]), x, c0);
            c1 = T.Fma(T.Splat(a[1]), x, c1);
            c2 = T.Fma(T.Splat(a[2]), x, c2);
            c3 = T.Fma(T.Splat(a[3]), x, c3);
            a += 4;
            b += strideB;
        }
        while (--depth > 0);

        T.Store(c0, c);
        T.Store(c1, c + strideC);
        T.Store(c2, c + (2 * strideC));
        T.Store(c3, c + (3 * strideC));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run2<T>(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
        where T : unmanaged, ILanes<T>
    {
        T c0 = T.Zero, c1 = T.Zero;
        if (resume)
        {
            c0 = T.Load(c);
            c1 = T.Load(c + strideC);
        }

        do
        {
            var x = T.Load(b);
            c0 = T.Fma(T.Splat(a[0]), x, c0);
            c1 = T.Fma(T.Splat(a[1]), x, c1);
            a += 2;
            b += strideB;
        }
        while (--depth > 0);

        T.Store(c0, c);
        T.Store(c1, c + strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run1<T>(nint depth, float* a, float* b, nint strideB, float* c, bool resume)
        where T : unmanaged, ILanes<T>
    {
        T c0 = resume ? T.Load(c) : T.Zero;
        do
        {
            c0 = T.Fma(T.Splat(*a++), T.Load(b), c0);
            b += strideB;
        }
        while (--depth > 0);

        T.Store(c0, c);
    }
}
