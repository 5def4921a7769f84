using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>One thread's part of a product: rows [i0, i1) by column panels [p0, p1), all of k in ascending blocks.</summary>
internal static unsafe class GemmBlock
{
    /// <summary>Rows of A packed at a time: with <see cref="MaxDepth"/> some 300 KB, a part of the second-level cache.</summary>
    internal const int MaxRows = 240;

    private const int MaxDepth = 320;

    // Where panels are cut out of long rows, this many rows at a time, so that their cache lines and pages serve all panels.
    private const int ChunkRows = 64;

    /// <summary>The length of a block of k, so that the blocks are even.</summary>
    internal static int DepthFor(int k)
    {
        int blocks = (k + MaxDepth - 1) / MaxDepth;
        return blocks <= 1 ? k : (((k + blocks - 1) / blocks) + 3) & ~3;
    }

    /// <summary>Floats of B packed whole, as <see cref="PackB"/> lays it out.</summary>
    internal static long PackedSize<TTile>(int n, int k)
        where TTile : struct, IGemmTile => (long)Panels<TTile>(n) * TTile.Columns * k;

    /// <summary>How many panels cover n columns.</summary>
    internal static int Panels<TTile>(int n)
        where TTile : struct, IGemmTile => (n + TTile.Columns - 1) / TTile.Columns;

    /// <summary>Packs panels [p0, p1) of B over all of k: panel after panel, each with its steps of k in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PackB<TTile>(in GemmProblem g, int p0, int p1, float* packed)
        where TTile : struct, IGemmTile
    {
        int width = TTile.Columns;
        int chunk = g.TransB ? g.K : ChunkRows;
        for (int k = 0; k < g.K; k += chunk)
        {
            for (int p = p0; p < p1; p++)
            {
                int j = p * width;
                GemmPack.Panel(g.AddressB(k, j), g.LdB, g.TransB, Math.Min(width, g.N - j), width, Math.Min(chunk, g.K - k), packed + ((long)j * g.K) + ((long)k * width));
            }
        }
    }

    /// <summary>Computes the part; <paramref name="packedB"/> is null where panels of B are packed or read in place here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TTile>(in GemmProblem g, int i0, int i1, int p0, int p1, float* packedB)
        where TTile : struct, IGemmTile
    {
        int width = TTile.Columns;
        int depthMax = DepthFor(g.K);
        int rowsMax = Math.Min(MaxRows, i1 - i0);
        long sizeA = (long)rowsMax * depthMax;
        long sizeB = (long)width * depthMax;
        long size = sizeA + sizeB + (TTile.Rows * width);
        float* packedA = BufferPool.RentFloats(size);
        float* panelB = packedA + sizeA;
        float* scratch = panelB + sizeB;
        for (int i = i0; i < i1; i += rowsMax)
        {
            int rows = Math.Min(rowsMax, i1 - i);
            for (int k = 0; k < g.K; k += depthMax)
            {
                int depth = Math.Min(depthMax, g.K - k);
                PackA<TTile>(g, i, rows, k, depth, packedA);
                for (int p = p0; p < p1; p++)
                {
                    int j = p * width;
                    nint strideB = width;
                    float* b;
                    if (packedB != null)
                    {
                        b = packedB + ((long)j * g.K) + ((long)k * width);
                    }
                    else if (!g.TransB && g.N - j >= width)
                    {
                        b = g.AddressB(k, j);
                        strideB = g.LdB;
                    }
                    else
                    {
                        GemmPack.Panel(g.AddressB(k, j), g.LdB, g.TransB, Math.Min(width, g.N - j), width, depth, panelB);
                        b = panelB;
                    }

                    Column<TTile>(g, i, rows, j, k, depth, packedA, b, strideB, scratch);
                }
            }
        }

        BufferPool.ReturnFloats(packedA, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackA<TTile>(in GemmProblem g, int i, int rows, int k, int depth, float* packed)
        where TTile : struct, IGemmTile
    {
        int r = 0;
        if (g.TransA)
        {
            int panels = rows / TTile.Rows;
            GemmPack.Panels<TTile>(g.AddressA(i, k), g.LdA, panels, depth, packed);
            r = panels * TTile.Rows;
        }

        while (r < rows)
        {
            int height = TTile.HeightFor(rows - r);
            GemmPack.Panel(g.AddressA(i + r, k), g.LdA, !g.TransA, height, height, depth, packed + ((long)r * depth));
            r += height;
        }
    }

    // All tiles under one panel of B, which stays in the first-level cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column<TTile>(in GemmProblem g, int i, int rows, int j, int k, int depth, float* packedA, float* b, nint strideB, float* scratch)
        where TTile : struct, IGemmTile
    {
        int width = TTile.Columns;
        int columns = Math.Min(width, g.N - j);
        bool resume = k > 0 || g.Accumulate;
        float* bias = k + depth == g.K && g.Bias != null ? g.Bias + j : null;
        for (int r = 0; r < rows;)
        {
            int height = TTile.HeightFor(rows - r);
            float* c = g.C + ((i + r) * g.LdC) + j;
            float* a = packedA + ((long)r * depth);
            if (columns == width)
            {
                if (resume && Sse.IsSupported)
                {
                    // The next tile's chains begin at its elements of C: prefetched here, they are in the cache when this tile is done.
                    float* next = c + (height * g.LdC);
                    for (int q = 0; q < height; q++)
                        Sse.Prefetch0(next + (q * g.LdC));
                }

                TTile.Run(height, depth, a, b, strideB, c, g.LdC, resume);
            }
            else
            {
                // The last columns go through a full tile of scratch.
                if (resume)
                    CopyTile(c, g.LdC, scratch, width, height, columns);
                TTile.Run(height, depth, a, b, strideB, scratch, width, resume);
                CopyTile(scratch, width, c, g.LdC, height, columns);
            }

            if (bias != null)
                AddBias(c, g.LdC, height, columns, bias);
            r += height;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyTile(float* source, nint strideSource, float* target, nint strideTarget, int rows, int columns)
    {
        for (int r = 0; r < rows; r++, source += strideSource, target += strideTarget)
            new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(target, columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddBias(float* c, nint strideC, int rows, int columns, float* bias)
    {
        for (int r = 0; r < rows; r++, c += strideC)
        {
            int j = 0;
            for (; j <= columns - 8; j += 8)
                (Vector256.Load(c + j) + Vector256.Load(bias + j)).Store(c + j);
            for (; j < columns; j++)
                c[j] += bias[j];
        }
    }
}
