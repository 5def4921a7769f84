namespace TorchSharp.Kernels;

/// <summary>Large products: B is packed once for all row blocks, by all threads, which then divide the blocks of C.</summary>
internal static unsafe class GemmShared
{
    // Of packed B at a time, about the second-level cache.
    private const int PackedBytes = 2 << 20;

    /// <summary>The product, at least one step of k.</summary>
    /// <remarks>A long k goes in stretches, so that the packed stretch of B stays in the caches; the chains go on where they stopped.</remarks>
    internal static void Run<TTile>(in GemmProblem g, int threads)
        where TTile : struct, IGemmTile
    {
        if (g.Packed != null)
        {
            Multiply<TTile>(g, g.Packed, threads);
            return;
        }

        int longest = Math.Max(640, PackedBytes / sizeof(float) / g.N);
        int stretches = (g.K + longest - 1) / longest;
        int length = (((g.K + stretches - 1) / stretches) + 3) & ~3;
        long size = GemmBlock.PackedSize<TTile>(g.N, Math.Min(length, g.K));
        float* packed = BufferPool.RentFloats(size);
        for (int k = 0; k < g.K; k += length)
        {
            var part = g;
            part.A = g.AddressA(0, k);
            part.B = g.AddressB(k, 0);
            part.K = Math.Min(length, g.K - k);
            part.Accumulate = g.Accumulate || k > 0;
            part.Bias = k + part.K == g.K ? g.Bias : null;
            Pack<TTile>(part, packed, threads);
            Multiply<TTile>(part, packed, threads);
        }

        BufferPool.ReturnFloats(packed, size);
    }

    /// <summary>Packs all of B.</summary>
    internal static void Pack<TTile>(in GemmProblem g, float* packed, int threads)
        where TTile : struct, IGemmTile
    {
        int panels = GemmBlock.Panels<TTile>(g.N);
        var pack = new PackBody<TTile> { Problem = g, Packed = packed, Panels = panels, Pieces = threads == 1 ? 1 : Math.Min(panels, threads * 2) };
        For(pack.Pieces, threads, ref pack);
    }

    // Blocks of rows, and of columns where rows are few.
    private static void Multiply<TTile>(in GemmProblem g, float* packed, int threads)
        where TTile : struct, IGemmTile
    {
        int panels = GemmBlock.Panels<TTile>(g.N);
        int rowBlocks = (g.M + GemmBlock.MaxRows - 1) / GemmBlock.MaxRows;
        int wanted = threads == 1 ? 1 : threads * 4;
        if (rowBlocks < wanted)
            rowBlocks = Math.Max(rowBlocks, Math.Min(wanted, g.M / (4 * TTile.Rows)));
        rowBlocks = Math.Max(1, (rowBlocks + threads - 1) / threads * threads);
        int columnBlocks = rowBlocks >= wanted / 2 ? 1 : Math.Clamp((wanted + rowBlocks - 1) / rowBlocks, 1, panels); // each packs A anew
        var compute = new TileBody<TTile> { Problem = g, Packed = packed, Panels = panels, RowBlocks = rowBlocks, ColumnBlocks = columnBlocks };
        For(rowBlocks * columnBlocks, threads, ref compute);
    }

    private static void For<TBody>(int count, int threads, ref TBody body)
        where TBody : struct, IParallelBody
    {
        if (threads > 1)
        {
            WorkPool.For(count, ref body);
            return;
        }

        for (int i = 0; i < count; i++)
            body.Run(i);
    }

    private struct PackBody<TTile> : IParallelBody
        where TTile : struct, IGemmTile
    {
        internal GemmProblem Problem;
        internal float* Packed;
        internal int Panels;
        internal int Pieces;

        public readonly void Run(int index)
        {
            GemmBlock.PackB<TTile>(Problem, (int)((long)Panels * index / Pieces), (int)((long)Panels * (index + 1) / Pieces), Packed);
        }
    }

    private struct TileBody<TTile> : IParallelBody
        where TTile : struct, IGemmTile
    {
        internal GemmProblem Problem;
        internal float* Packed;
        internal int Panels;
        internal int RowBlocks;
        internal int ColumnBlocks;

        public readonly void Run(int index)
        {
            // Blocks of whole tiles, as even as can be.
            int tiles = (Problem.M + TTile.Rows - 1) / TTile.Rows;
            int row = index / ColumnBlocks;
            int column = index % ColumnBlocks;
            int begin = (int)((long)tiles * row / RowBlocks) * TTile.Rows;
            int end = Math.Min(Problem.M, (int)((long)tiles * (row + 1) / RowBlocks) * TTile.Rows);
            GemmBlock.Run<TTile>(Problem, begin, end, Panels * column / ColumnBlocks, Panels * (column + 1) / ColumnBlocks, Packed);
        }
    }
}
