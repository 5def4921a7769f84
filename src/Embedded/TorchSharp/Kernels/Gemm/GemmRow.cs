using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Products of so few rows that reading B is the work: B is read once, from end to end, and never packed as a whole.
/// Chains run over k ascending as everywhere.
/// </summary>
internal static unsafe class GemmRow
{
    /// <summary>Products of up to so many rows come here.</summary>
    internal const int MaxRows = 3;

    /// <summary>Columns come in groups of this many.</summary>
    internal const int Columns = 64;

    private const int Width = 16;
    private const int TransposedDepth = 64; // with Columns 16 KB, half of the first-level cache
    private const int PackedDepth = 512;
    private const int Span = 2048; // columns of four rows of B: 32 KB, to be met again by the next row of A

    /// <summary>Computes the columns [<paramref name="j0"/>, <paramref name="j1"/>) of all rows; j0 is a multiple of <see cref="Columns"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<T>(in GemmProblem g, int panelWidth, int j0, int j1)
        where T : unmanaged, ILanes<T>
    {
        if (g.Packed != null)
            FromPanels<T>(g, panelWidth, j0, j1);
        else if (g.TransB)
            FromColumns<T>(g, j0, j1);
        else
            FromRows<T>(g, j0, j1);
        if (g.Bias == null)
            return;
        for (int i = 0; i < g.M; i++)
            GemmBlock.AddBias(g.C + (i * g.LdC) + j0, g.LdC, 1, j1 - j0, g.Bias + j0);
    }

    // B has rows: C += four of them at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromRows<T>(in GemmProblem g, int j0, int j1)
        where T : unmanaged, ILanes<T>
    {
        nint stepA = g.TransA ? g.LdA : 1;
        if (GemmRowPieces.Suits(g, j1 - j0))
            j0 = GemmRowPieces.Run<T>(g, j0, j1);
        for (int j = j0; j < j1; j += Span)
        {
            int columns = Math.Min(Span, j1 - j);
            for (int i = 0; i < g.M && !g.Accumulate; i++)
                new Span<float>(g.C + (i * g.LdC) + j, columns).Clear();
            int k = 0;
            for (; k <= g.K - 4; k += 4)
            {
                for (int i = 0; i < g.M; i++)
                    Four<T>(columns, g.AddressA(i, k), stepA, g.AddressB(k, j), g.LdB, g.C + (i * g.LdC) + j);
            }

            for (; k < g.K; k++)
            {
                for (int i = 0; i < g.M; i++)
                    One<T>(columns, *g.AddressA(i, k), g.AddressB(k, j), g.C + (i * g.LdC) + j);
            }
        }
    }

    // B has columns: some of them are transposed into scratch, which stays in the first-level cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromColumns<T>(in GemmProblem g, int j0, int j1)
        where T : unmanaged, ILanes<T>
    {
        if (typeof(T) == typeof(Lanes256) && GemmRowTurned.Suits(g))
            j0 = GemmRowTurned.Run(g, j0, j1);
        float* scratch = BufferPool.RentFloats(TransposedDepth * Columns);
        for (int j = j0; j < j1; j += Columns)
        {
            int columns = Math.Min(Columns, j1 - j);
            for (int k = 0; k < g.K; k += TransposedDepth)
            {
                int depth = Math.Min(TransposedDepth, g.K - k);
                GemmPack.Panel(g.AddressB(k, j), g.LdB, true, columns, Columns, depth, scratch);
                Group<T>(g, j, columns, k, depth, scratch, Width, 2 * Width, Columns);
            }
        }

        BufferPool.ReturnFloats(scratch, TransposedDepth * Columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromPanels<T>(in GemmProblem g, int panelWidth, int j0, int j1)
        where T : unmanaged, ILanes<T>
    {
        // Sixteen columns further is in the same panel, or in the next.
        nint second = panelWidth > Width ? Width : (nint)g.K * Width;
        nint third = (nint)g.K * 2 * Width;
        for (int j = j0; j < j1; j += Columns)
        {
            int columns = Math.Min(Columns, j1 - j);
            for (int k = 0; k < g.K; k += PackedDepth)
                Group<T>(g, j, columns, k, Math.Min(PackedDepth, g.K - k), g.Packed + ((nint)j * g.K) + ((nint)k * panelWidth), second, third, panelWidth);
        }
    }

    // Up to 64 columns over some steps of k; b has whole vectors also where there are fewer columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Group<T>(in GemmProblem g, int j, int columns, int k, int depth, float* b, nint second, nint third, nint stepB)
        where T : unmanaged, ILanes<T>
    {
        nint stepA = g.TransA ? g.LdA : 1;
        bool resume = k > 0 || g.Accumulate;
        for (int i = 0; i < g.M; i++)
        {
            float* a = g.AddressA(i, k);
            float* c = g.C + (i * g.LdC) + j;
            if (columns == Columns)
            {
                Wide<T>(depth, a, stepA, b, second, third, stepB, c, resume);
                continue;
            }

            for (int v = 0; v < columns; v += Width)
                Narrow<T>(depth, a, stepA, b + ((v & Width) == 0 ? 0 : second) + (v < 2 * Width ? 0 : third), stepB, c + v, Math.Min(Width, columns - v), resume);
        }
    }

    /// <summary>One row by 64 columns: 16 at <paramref name="b"/>, and those at <paramref name="second"/>, third and the sum of both beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide<T>(nint depth, float* a, nint stepA, float* b, nint second, nint third, nint stepB, float* c, bool resume)
        where T : unmanaged, ILanes<T>
    {
        T c0 = T.Zero, c1 = T.Zero, c2 = T.Zero, c3 = T.Zero;
        if (resume)
        {
            c0 = T.Load(c);
            c1 = T.Load(c + Width);
            c2 = T.Load(c + (2 * Width));
            c3 = T.Load(c + (3 * Width));
        }

        float* d = b + third;
        do
        {
            var x = T.Splat(*a);
            c0 = T.Fma(x, T.Load(b), c0);
            c1 = T.Fma(x, T.Load(b + second), c1);
            c2 = T.Fma(x, T.Load(d), c2);
            c3 = T.Fma(x, T.Load(d + second), c3);
            a += stepA;
            b += stepB;
            d += stepB;
        }
        while (--depth > 0);

        T.Store(c0, c);
        T.Store(c1, c + Width);
        T.Store(c2, c + (2 * Width));
        T.Store(c3, c + (3 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<T>(nint depth, float* a, nint stepA, float* b, nint stepB, float* c, int columns, bool resume)
        where T : unmanaged, ILanes<T>
    {
        var sum = !resume ? T.Zero : columns == Width ? T.Load(c) : T.LoadPartial(c, columns, 0f);
        do
        {
            sum = T.Fma(T.Splat(*a), T.Load(b), sum);
            a += stepA;
            b += stepB;
        }
        while (--depth > 0);

        if (columns == Width)
            T.Store(sum, c);
        else
            T.StorePartial(sum, c, columns);
    }

    // One step after another, each a statement: nested calls would load all of b first and spill.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<T>(nint columns, float* a, nint stepA, float* b, nint ldb, float* c)
        where T : unmanaged, ILanes<T>
    {
        float a0 = a[0], a1 = a[stepA], a2 = a[2 * stepA], a3 = a[3 * stepA];
        T x0 = T.Splat(a0), x1 = T.Splat(a1), x2 = T.Splat(a2), x3 = T.Splat(a3);
        float* b1 = b + ldb;
        float* b2 = b1 + ldb;
        float* b3 = b2 + ldb;
        nint j = 0;
        for (; j <= columns - Width; j += Width)
        {
            var sum = T.Load(c + j);
            sum = T.Fma(x0, T.Load(b + j), sum);
            sum = T.Fma(x1, T.Load(b1 + j), sum);
            sum = T.Fma(x2, T.Load(b2 + j), sum);
            sum = T.Fma(x3, T.Load(b3 + j), sum);
            T.Store(sum, c + j);
        }

        for (; j < columns; j++)
        {
            float sum = MathF.FusedMultiplyAdd(a0, b[j], c[j]);
            sum = MathF.FusedMultiplyAdd(a1, b1[j], sum);
            sum = MathF.FusedMultiplyAdd(a2, b2[j], sum);
            c[j] = MathF.FusedMultiplyAdd(a3, b3[j], sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(nint columns, float a, float* b, float* c)
        where T : unmanaged, ILanes<T>
    {
        var x = T.Splat(a);
        nint j = 0;
        for (; j <= columns - Width; j += Width)
            T.Store(T.Fma(x, T.Load(b + j), T.Load(c + j)), c + j);
        for (; j < columns; j++)
            c[j] = MathF.FusedMultiplyAdd(a, b[j], c[j]);
    }
}
