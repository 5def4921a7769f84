using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>4 x 8 in 128-bit vectors of any platform.</summary>
internal readonly unsafe struct GemmTile128 : IGemmTile
{
    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Columns => 8;

    /// <inheritdoc/>
    public static int HeightFor(int rows) => rows switch
    {
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };

    /// <inheritdoc/>
    public static void Run(int height, nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        switch (height)
        {
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector128<float> c0a = default, c0b = default;
        Vector128<float> c1a = default, c1b = default;
        Vector128<float> c2a = default, c2b = default;
        Vector128<float> c3a = default, c3b = default;
        if (resume)
        {
            c0a = Vector128.Load(c); c0b = Vector128.Load(c + 4);
            c1a = Vector128.Load(c + strideC); c1b = Vector128.Load(c + strideC + 4);
            c2a = Vector128.Load(c + (2 * strideC)); c2b = Vector128.Load(c + (2 * strideC) + 4);
            c3a = Vector128.Load(c + (3 * strideC)); c3b = Vector128.Load(c + (3 * strideC) + 4);
        }

        do
        {
            var ba = Vector128.Load(b); var bb = Vector128.Load(b + 4);
            var x = Vector128.Create(a[0]); c0a = Vector128.FusedMultiplyAdd(x, ba, c0a); c0b = Vector128.FusedMultiplyAdd(x, bb, c0b);
            x = Vector128.Create(a[1]); c1a = Vector128.FusedMultiplyAdd(x, ba, c1a); c1b = Vector128.FusedMultiplyAdd(x, bb, c1b);
            x = Vector128.Create(a[2]); c2a = Vector128.FusedMultiplyAdd(x, ba, c2a); c2b = Vector128.FusedMultiplyAdd(x, bb, c2b);
            x = Vector128.Create(a[3]); c3a = Vector128.FusedMultiplyAdd(x, ba, c3a); c3b = Vector128.FusedMultiplyAdd(x, bb, c3b);
            a += 4;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 4);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 4);
        c2a.Store(c + (2 * strideC)); c2b.Store(c + (2 * strideC) + 4);
        c3a.Store(c + (3 * strideC)); c3b.Store(c + (3 * strideC) + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run2(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector128<float> c0a = default, c0b = default;
        Vector128<float> c1a = default, c1b = default;
        if (resume)
        {
            c0a = Vector128.Load(c); c0b = Vector128.Load(c + 4);
            c1a = Vector128.Load(c + strideC); c1b = Vector128.Load(c + strideC + 4);
        }

        do
        {
            var ba = Vector128.Load(b); var bb = Vector128.Load(b + 4);
            var x = Vector128.Create(a[0]); c0a = Vector128.FusedMultiplyAdd(x, ba, c0a); c0b = Vector128.FusedMultiplyAdd(x, bb, c0b);
            x = Vector128.Create(a[1]); c1a = Vector128.FusedMultiplyAdd(x, ba, c1a); c1b = Vector128.FusedMultiplyAdd(x, bb, c1b);
            a += 2;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 4);
        c1a.Store(c + strideC); c1b.Store(c + strideC + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run1(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Vector128<float> c0a = default, c0b = default;
        if (resume)
        {
            c0a = Vector128.Load(c); c0b = Vector128.Load(c + 4);
        }

        do
        {
            var ba = Vector128.Load(b); var bb = Vector128.Load(b + 4);
            var x = Vector128.Create(a[0]); c0a = Vector128.FusedMultiplyAdd(x, ba, c0a); c0b = Vector128.FusedMultiplyAdd(x, bb, c0b);
            a += 1;
            b += strideB;
        }
        while (--depth > 0);

        c0a.Store(c); c0b.Store(c + 4);
    }
}
