using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>4 x 16 in 128-bit vectors of any platform: 16 accumulators, for the 32 registers that Arm has.</summary>
internal readonly unsafe struct GemmTile128 : IGemmTile
{
    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Columns => 16;

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
                Run1(depth, a, b, strideB, c, resume);
                break;
        }
    }

    /// <inheritdoc/>
    public static void RunRows(in GemmProblem g, int j0, int j1) => GemmRow.Run<Lanes128>(g, Columns, j0, j1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Lanes128 c0 = Lanes128.Zero, c1 = Lanes128.Zero, c2 = Lanes128.Zero, c3 = Lanes128.Zero;
        if (resume)
        {
            c0 = Lanes128.Load(c);
            c1 = Lanes128.Load(c + strideC);
            c2 = Lanes128.Load(c + (2 * strideC));
            c3 = Lanes128.Load(c + (3 * strideC));
        }

        do
        {
            var x = Lanes128.Load(b);
            c0 = Lanes128.Fma(Lanes128.Splat(a[0]), x, c0);
            c1 = Lanes128.Fma(Lanes128.Splat(a[1]), x, c1);
            c2 = Lanes128.Fma(Lanes128.Splat(a[2]), x, c2);
            c3 = Lanes128.Fma(Lanes128.Splat(a[3]), x, c3);
            a += 4;
            b += strideB;
        }
        while (--depth > 0);

        Lanes128.Store(c0, c);
        Lanes128.Store(c1, c + strideC);
        Lanes128.Store(c2, c + (2 * strideC));
        Lanes128.Store(c3, c + (3 * strideC));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run2(nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        Lanes128 c0 = Lanes128.Zero, c1 = Lanes128.Zero;
        if (resume)
        {
            c0 = Lanes128.Load(c);
            c1 = Lanes128.Load(c + strideC);
        }

        do
        {
            var x = Lanes128.Load(b);
            c0 = Lanes128.Fma(Lanes128.Splat(a[0]), x, c0);
            c1 = Lanes128.Fma(Lanes128.Splat(a[1]), x, c1);
            a += 2;
            b += strideB;
        }
        while (--depth > 0);

        Lanes128.Store(c0, c);
        Lanes128.Store(c1, c + strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run1(nint depth, float* a, float* b, nint strideB, float* c, bool resume)
    {
        Lanes128 c0 = resume ? Lanes128.Load(c) : Lanes128.Zero;
        do
        {
            c0 = Lanes128.Fma(Lanes128.Splat(*a++), Lanes128.Load(b), c0);
            b += strideB;
        }
        while (--depth > 0);

        Lanes128.Store(c0, c);
    }
}
