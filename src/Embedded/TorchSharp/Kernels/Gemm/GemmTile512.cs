using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>12 x 32 in AVX-512: 24 accumulators, two vectors of B and one broadcast of A in 32 registers.</summary>
internal readonly unsafe struct GemmTile512 : IGemmTile
{
    /// <inheritdoc/>
    public static int Rows => 12;

    /// <inheritdoc/>
    public static int Columns => 32;

    /// <inheritdoc/>
    public static int HeightFor(int rows) => rows switch
    {
        >= 12 => 12,
        >= 8 => 8,
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };

    /// <inheritdoc/>
    public static void Run(int height, nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        switch (height)
        {
            case 12:
                Run12(depth, a, b, strideB, c, strideC, resume);
                break;
            case 8:
                Run8(depth, a, b, strideB, c, strideC, resume);
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
    public static void RunRows(in GemmProblem g, int j0, int j1) => GemmRow.Run<Lanes512>(g, Columns, j0, j1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run12(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector512<float> c0a = default, c0b = default;
        Vector512<float> c1a = default, c1b = default;
        Vector512<float> c2a = default, c2b = default;
        Vector512<float> c3a = default, c3b = default;
        Vector512<float> c4a = default, c4b = default;
        Vector512<float> c5a = default, c5b = default;
        Vector512<float> c6a = default, c6b = default;
        Vector512<float> c7a = default, c7b = default;
        Vector512<float> c8a = default, c8b = default;
        Vector512<float> c9a = default, c9b = default;
        Vector512<float> c10a = default, c10b = default;
        Vector512<float> c11a = default, c11b = default;
        if (resume)
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c1a = Vector512.Load(c + strideC); c1b = Vector512.Load(c + strideC + 16);
            c2a = Vector512.Load(c + (2 * strideC)); c2b = Vector512.Load(c + (2 * strideC) + 16);
            c3a = Vector512.Load(c + (3 * strideC)); c3b = Vector512.Load(c + (3 * strideC) + 16);
            c4a = Vector512.Load(c + (4 * strideC)); c4b = Vector512.Load(c + (4 * strideC) + 16);
            c5a = Vector512.Load(c + (5 * strideC)); c5b = Vector512.Load(c + (5 * strideC) + 16);
            c6a = Vector512.Load(c + (6 * strideC)); c6b = Vector512.Load(c + (6 * strideC) + 16);
            c7a = Vector512.Load(c + (7 * strideC)); c7b = Vector512.Load(c + (7 * strideC) + 16);
            c8a = Vector512.Load(c + (8 * strideC)); c8b = Vector512.Load(c + (8 * strideC) + 16);
            c9a = Vector512.Load(c + (9 * strideC)); c9b = Vector512.Load(c + (9 * strideC) + 16);
            c10a = Vector512.Load(c + (10 * strideC)); c10b = Vector512.Load(c + (10 * strideC) + 16);
            c11a = Vector512.Load(c + (11 * strideC)); c11b = Vector512.Load(c + (11 * strideC) + 16);
        }

        do
        {
            var ba = Vector512.Load(b); var bb = Vector512.Load(b + 16);
            var x = Vector512.Create(a[0]); c0a = Avx512F.FusedMultiplyAdd(x, ba, c0a); c0b = Avx512F.FusedMultiplyAdd(x, bb, c0b);
            x = Vector512.Create(a[1]); c1a = Avx512F.FusedMultiplyAdd(x, ba, c1a); c1b = Avx512F.FusedMultiplyAdd(x, bb, c1b);
            x = Vector512.Create(a[2]); c2a = Avx512F.FusedMultiplyAdd(x, ba, c2a); c2b = Avx512F.FusedMultiplyAdd(x, bb, c2b);
            x = Vector512.Create(a[3]); c3a = Avx512F.FusedMultiplyAdd(x, ba, c3a); c3b = Avx512F.FusedMultiplyAdd(x, bb, c3b);
            x = Vector512.Create(a[4]); c4a = Avx512F.FusedMultiplyAdd(x, ba, c4a); c4b = Avx512F.FusedMultiplyAdd(x, bb, c4b);
            x = Vector512.Create(a[5]); c5a = Avx512F.FusedMultiplyAdd(x, ba, c5a); c5b = Avx512F.FusedMultiplyAdd(x, bb, c5b);
            x = Vector512.Create(a[6]); c6a = Avx512F.FusedMultiplyAdd(x, ba, c6a); c6b = Avx512F.FusedMultiplyAdd(x, bb, c6b);
            x = Vector512.Create(a[7]); c7a = Avx512F.FusedMultiplyAdd(x, ba, c7a); c7b = Avx512F.FusedMultiplyAdd(x, bb, c7b);
            x = Vector512.Create(a[8]); c8a = Avx512F.FusedMultiplyAdd(x, ba, c8a); c8b = Avx512F.FusedMultiplyAdd(x, bb, c8b);
            x = Vector512.Create(a[9]); c9a = Avx512F.FusedMultiplyAdd(x, ba, c9a); c9b = Avx512F.FusedMultiplyAdd(x, bb, c9b);
            x = Vector512.Create(a[10]); c10a = Avx512F.FusedMultiplyAdd(x, ba, c10a); c10b = Avx512F.FusedMultiplyAdd(x, bb, c10b);
            x = Vector512.Create(a[11]); c11a = Avx512F.FusedMultiplyAdd(x, ba, c11a); c11b = Avx512F.FusedMultiplyAdd(x, bb, c11b);
            a += 12;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 16);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 16);
        c2a.Store(c + (2 * strideC)); c2b.Store(c + (2 * strideC) + 16);
        c3a.Store(c + (3 * strideC)); c3b.Store(c + (3 * strideC) + 16);
        c4a.Store(c + (4 * strideC)); c4b.Store(c + (4 * strideC) + 16);
        c5a.Store(c + (5 * strideC)); c5b.Store(c + (5 * strideC) + 16);
        c6a.Store(c + (6 * strideC)); c6b.Store(c + (6 * strideC) + 16);
        c7a.Store(c + (7 * strideC)); c7b.Store(c + (7 * strideC) + 16);
        c8a.Store(c + (8 * strideC)); c8b.Store(c + (8 * strideC) + 16);
        c9a.Store(c + (9 * strideC)); c9b.Store(c + (9 * strideC) + 16);
        c10a.Store(c + (10 * strideC)); c10b.Store(c + (10 * strideC) + 16);
        c11a.Store(c + (11 * strideC)); c11b.Store(c + (11 * strideC) + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector512<float> c0a = default, c0b = default;
        Vector512<float> c1a = default, c1b = default;
        Vector512<float> c2a = default, c2b = default;
        Vector512<float> c3a = default, c3b = default;
        Vector512<float> c4a = default, c4b = default;
        Vector512<float> c5a = default, c5b = default;
        Vector512<float> c6a = default, c6b = default;
        Vector512<float> c7a = default, c7b = default;
        if (resume)
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c1a = Vector512.Load(c + strideC); c1b = Vector512.Load(c + strideC + 16);
            c2a = Vector512.Load(c + (2 * strideC)); c2b = Vector512.Load(c + (2 * strideC) + 16);
            c3a = Vector512.Load(c + (3 * strideC)); c3b = Vector512.Load(c + (3 * strideC) + 16);
            c4a = Vector512.Load(c + (4 * strideC)); c4b = Vector512.Load(c + (4 * strideC) + 16);
            c5a = Vector512.Load(c + (5 * strideC)); c5b = Vector512.Load(c + (5 * strideC) + 16);
            c6a = Vector512.Load(c + (6 * strideC)); c6b = Vector512.Load(c + (6 * strideC) + 16);
            c7a = Vector512.Load(c + (7 * strideC)); c7b = Vector512.Load(c + (7 * strideC) + 16);
        }

        do
        {
            var ba = Vector512.Load(b); var bb = Vector512.Load(b + 16);
            var x = Vector512.Create(a[0]); c0a = Avx512F.FusedMultiplyAdd(x, ba, c0a); c0b = Avx512F.FusedMultiplyAdd(x, bb, c0b);
            x = Vector512.Create(a[1]); c1a = Avx512F.FusedMultiplyAdd(x, ba, c1a); c1b = Avx512F.FusedMultiplyAdd(x, bb, c1b);
            x = Vector512.Create(a[2]); c2a = Avx512F.FusedMultiplyAdd(x, ba, c2a); c2b = Avx512F.FusedMultiplyAdd(x, bb, c2b);
            x = Vector512.Create(a[3]); c3a = Avx512F.FusedMultiplyAdd(x, ba, c3a); c3b = Avx512F.FusedMultiplyAdd(x, bb, c3b);
            x = Vector512.Create(a[4]); c4a = Avx512F.FusedMultiplyAdd(x, ba, c4a); c4b = Avx512F.FusedMultiplyAdd(x, bb, c4b);
            x = Vector512.Create(a[5]); c5a = Avx512F.FusedMultiplyAdd(x, ba, c5a); c5b = Avx512F.FusedMultiplyAdd(x, bb, c5b);
            x = Vector512.Create(a[6]); c6a = Avx512F.FusedMultiplyAdd(x, ba, c6a); c6b = Avx512F.FusedMultiplyAdd(x, bb, c6b);
            x = Vector512.Create(a[7]); c7a = Avx512F.FusedMultiplyAdd(x, ba, c7a); c7b = Avx512F.FusedMultiplyAdd(x, bb, c7b);
            a += 8;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 16);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 16);
        c2a.Store(c + (2 * strideC)); c2b.Store(c + (2 * strideC) + 16);
        c3a.Store(c + (3 * strideC)); c3b.Store(c + (3 * strideC) + 16);
        c4a.Store(c + (4 * strideC)); c4b.Store(c + (4 * strideC) + 16);
        c5a.Store(c + (5 * strideC)); c5b.Store(c + (5 * strideC) + 16);
        c6a.Store(c + (6 * strideC)); c6b.Store(c + (6 * strideC) + 16);
        c7a.Store(c + (7 * strideC)); c7b.Store(c + (7 * strideC) + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector512<float> c0a = default, c0b = default;
        Vector512<float> c1a = default, c1b = default;
        Vector512<float> c2a = default, c2b = default;
        Vector512<float> c3a = default, c3b = default;
        if (resume)
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c1a = Vector512.Load(c + strideC); c1b = Vector512.Load(c + strideC + 16);
            c2a = Vector512.Load(c + (2 * strideC)); c2b = Vector512.Load(c + (2 * strideC) + 16);
            c3a = Vector512.Load(c + (3 * strideC)); c3b = Vector512.Load(c + (3 * strideC) + 16);
        }

        do
        {
            var ba = Vector512.Load(b); var bb = Vector512.Load(b + 16);
            var x = Vector512.Create(a[0]); c0a = Avx512F.FusedMultiplyAdd(x, ba, c0a); c0b = Avx512F.FusedMultiplyAdd(x, bb, c0b);
            x = Vector512.Create(a[1]); c1a = Avx512F.FusedMultiplyAdd(x, ba, c1a); c1b = Avx512F.FusedMultiplyAdd(x, bb, c1b);
            x = Vector512.Create(a[2]); c2a = Avx512F.FusedMultiplyAdd(x, ba, c2a); c2b = Avx512F.FusedMultiplyAdd(x, bb, c2b);
            x = Vector512.Create(a[3]); c3a = Avx512F.FusedMultiplyAdd(x, ba, c3a); c3b = Avx512F.FusedMultiplyAdd(x, bb, c3b);
            a += 4;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 16);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 16);
        c2a.Store(c + (2 * strideC)); c2b.Store(c + (2 * strideC) + 16);
        c3a.Store(c + (3 * strideC)); c3b.Store(c + (3 * strideC) + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run2(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector512<float> c0a = default, c0b = default;
        Vector512<float> c1a = default, c1b = default;
        if (resume)
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c1a = Vector512.Load(c + strideC); c1b = Vector512.Load(c + strideC + 16);
        }

        do
        {
            var ba = Vector512.Load(b); var bb = Vector512.Load(b + 16);
            var x = Vector512.Create(a[0]); c0a = Avx512F.FusedMultiplyAdd(x, ba, c0a); c0b = Avx512F.FusedMultiplyAdd(x, bb, c0b);
            x = Vector512.Create(a[1]); c1a = Avx512F.FusedMultiplyAdd(x, ba, c1a); c1b = Avx512F.FusedMultiplyAdd(x, bb, c1b);
            a += 2;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 16);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run1(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector512<float> c0a = default, c0b = default;
        if (resume)
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
        }

        do
        {
            var ba = Vector512.Load(b); var bb = Vector512.Load(b + 16);
            var x = Vector512.Create(a[0]); c0a = Avx512F.FusedMultiplyAdd(x, ba, c0a); c0b = Avx512F.FusedMultiplyAdd(x, bb, c0b);
            a += 1;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 16);
    }
}
