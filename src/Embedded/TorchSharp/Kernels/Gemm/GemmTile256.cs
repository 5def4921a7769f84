using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>6 x 16 in AVX2 with FMA: 12 accumulators, two vectors of B and one broadcast of A in 16 registers.</summary>
internal readonly unsafe struct GemmTile256 : IGemmTile
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int Columns => 16;

    /// <inheritdoc/>
    public static int HeightFor(int rows) => rows switch
    {
        >= 6 => 6,
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };

    /// <inheritdoc/>
    public static void Run(int height, nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        switch (height)
        {
            case 6:
                Run6(depth, a, b, strideB, c, strideC, resume);
                break;
            case 4:
                Run4(depth, a, b, strideB, c, strideC, resume);
                break;
            case 2:
                Run2(depth, a, b, strideB, c, strideC, resume);
                break;
            default:
                Run1(depth, a, b, strideB, c, strideC, resume);
                break;
        }
    }

    /// <inheritdoc/>
    public static void RunRows(in GemmProblem g, int j0, int j1) => GemmRow.Run<Lanes256>(g, Columns, j0, j1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run6(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector256<float> c0a = default, c0b = default;
        Vector256<float> c1a = default, c1b = default;
        Vector256<float> c2a = default, c2b = default;
        Vector256<float> c3a = default, c3b = default;
        Vector256<float> c4a = default, c4b = default;
        Vector256<float> c5a = default, c5b = default;
        if (resume)
        {
            c0a = Vector256.Load(c); c0b = Vector256.Load(c + 8);
            c1a = Vector256.Load(c + strideC); c1b = Vector256.Load(c + strideC + 8);
            c2a = Vector256.Load(c + (2 * strideC)); c2b = Vector256.Load(c + (2 * strideC) + 8);
            c3a = Vector256.Load(c + (3 * strideC)); c3b = Vector256.Load(c + (3 * strideC) + 8);
            c4a = Vector256.Load(c + (4 * strideC)); c4b = Vector256.Load(c + (4 * strideC) + 8);
            c5a = Vector256.Load(c + (5 * strideC)); c5b = Vector256.Load(c + (5 * strideC) + 8);
        }

        do
        {
            var ba = Vector256.Load(b); var bb = Vector256.Load(b + 8);
            var x = Vector256.Create(a[0]); c0a = Fma.MultiplyAdd(x, ba, c0a); c0b = Fma.MultiplyAdd(x, bb, c0b);
            x = Vector256.Create(a[1]); c1a = Fma.MultiplyAdd(x, ba, c1a); c1b = Fma.MultiplyAdd(x, bb, c1b);
            x = Vector256.Create(a[2]); c2a = Fma.MultiplyAdd(x, ba, c2a); c2b = Fma.MultiplyAdd(x, bb, c2b);
            x = Vector256.Create(a[3]); c3a = Fma.MultiplyAdd(x, ba, c3a); c3b = Fma.MultiplyAdd(x, bb, c3b);
            x = Vector256.Create(a[4]); c4a = Fma.MultiplyAdd(x, ba, c4a); c4b = Fma.MultiplyAdd(x, bb, c4b);
            x = Vector256.Create(a[5]); c5a = Fma.MultiplyAdd(x, ba, c5a); c5b = Fma.MultiplyAdd(x, bb, c5b);
            a += 6;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 8);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 8);
        c2a.Store(c + (2 * strideC)); c2b.Store(c + (2 * strideC) + 8);
        c3a.Store(c + (3 * strideC)); c3b.Store(c + (3 * strideC) + 8);
        c4a.Store(c + (4 * strideC)); c4b.Store(c + (4 * strideC) + 8);
        c5a.Store(c + (5 * strideC)); c5b.Store(c + (5 * strideC) + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector256<float> c0a = default, c0b = default;
        Vector256<float> c1a = default, c1b = default;
        Vector256<float> c2a = default, c2b = default;
        Vector256<float> c3a = default, c3b = default;
        if (resume)
        {
            c0a = Vector256.Load(c); c0b = Vector256.Load(c + 8);
            c1a = Vector256.Load(c + strideC); c1b = Vector256.Load(c + strideC + 8);
            c2a = Vector256.Load(c + (2 * strideC)); c2b = Vector256.Load(c + (2 * strideC) + 8);
            c3a = Vector256.Load(c + (3 * strideC)); c3b = Vector256.Load(c + (3 * strideC) + 8);
        }

        do
        {
            var ba = Vector256.Load(b); var bb = Vector256.Load(b + 8);
            var x = Vector256.Create(a[0]); c0a = Fma.MultiplyAdd(x, ba, c0a); c0b = Fma.MultiplyAdd(x, bb, c0b);
            x = Vector256.Create(a[1]); c1a = Fma.MultiplyAdd(x, ba, c1a); c1b = Fma.MultiplyAdd(x, bb, c1b);
            x = Vector256.Create(a[2]); c2a = Fma.MultiplyAdd(x, ba, c2a); c2b = Fma.MultiplyAdd(x, bb, c2b);
            x = Vector256.Create(a[3]); c3a = Fma.MultiplyAdd(x, ba, c3a); c3b = Fma.MultiplyAdd(x, bb, c3b);
            a += 4;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 8);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 8);
        c2a.Store(c + (2 * strideC)); c2b.Store(c + (2 * strideC) + 8);
        c3a.Store(c + (3 * strideC)); c3b.Store(c + (3 * strideC) + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run2(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector256<float> c0a = default, c0b = default;
        Vector256<float> c1a = default, c1b = default;
        if (resume)
        {
            c0a = Vector256.Load(c); c0b = Vector256.Load(c + 8);
            c1a = Vector256.Load(c + strideC); c1b = Vector256.Load(c + strideC + 8);
        }

        do
        {
            var ba = Vector256.Load(b); var bb = Vector256.Load(b + 8);
            var x = Vector256.Create(a[0]); c0a = Fma.MultiplyAdd(x, ba, c0a); c0b = Fma.MultiplyAdd(x, bb, c0b);
            x = Vector256.Create(a[1]); c1a = Fma.MultiplyAdd(x, ba, c1a); c1b = Fma.MultiplyAdd(x, bb, c1b);
            a += 2;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 8);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run1(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector256<float> c0a = default, c0b = default;
        if (resume)
        {
            c0a = Vector256.Load(c); c0b = Vector256.Load(c + 8);
        }

        do
        {
            var ba = Vector256.Load(b); var bb = Vector256.Load(b + 8);
            var x = Vector256.Create(a[0]); c0a = Fma.MultiplyAdd(x, ba, c0a); c0b = Fma.MultiplyAdd(x, bb, c0b);
            a += 1;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 8);
    }
}
