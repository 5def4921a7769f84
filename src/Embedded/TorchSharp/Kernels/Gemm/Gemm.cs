namespace TorchSharp.Kernels;

/// <summary>
/// Row-major float32 matrix products. Element (i, j) is one chain of fused multiply-adds over k ascending, starting at
/// 0 (or at C when accumulating), then the bias: the bits depend on nothing but row i, column j and the instruction fma.
/// </summary>
internal static unsafe class Gemm
{
    // Below this many multiply-adds a second thread costs more than it does.
    private const long Worthwhile = 1 << 17;

    // Of packed B at a time, about the second-level cache.
    private const int PackedBytes = 2 << 20;

    /// <summary>C (m x n) = [C +] op(A) op(B) [+ bias per column]. A is m x k (k x m when transposed), B is k x n (n x k).</summary>
    /// <remarks>Leading dimensions are elements between rows as stored; accumulate starts the chains at C's elements; bias is n floats or null.</remarks>
    internal static void Run(int m, int n, int k, float* a, nint lda, bool transA, float* b, nint ldb, bool transB, float* c, nint ldc, bool accumulate = false, float* bias = null)
    {
        var problem = new GemmProblem
        {
            M = m,
            N = n,
            K = k,
            A = a,
            LdA = lda,
            TransA = transA,
            B = b,
            LdB = ldb,
            TransB = transB,
            C = c,
            LdC = ldc,
            Accumulate = accumulate,
            Bias = bias,
        };
        Run(problem);
    }

    /// <summary>As the long form.</summary>
    internal static void Run(in GemmProblem problem)
    {
        switch (CpuPath.Level)
        {
            case SimdLevel.Avx512:
                Run<GemmTile512>(problem);
                break;
            case SimdLevel.Avx2:
                Run<GemmTile256>(problem);
                break;
            default:
                Run<GemmTile128>(problem);
                break;
        }
    }

    /// <summary>The product on the calling thread alone.</summary>
    internal static void Serial(in GemmProblem problem)
    {
        switch (CpuPath.Level)
        {
            case SimdLevel.Avx512:
                Serial<GemmTile512>(problem);
                break;
            case SimdLevel.Avx2:
                Serial<GemmTile256>(problem);
                break;
            default:
                Serial<GemmTile128>(problem);
                break;
        }
    }

    /// <summary>As <see cref="Serial(in GemmProblem)"/>, with tiles of one kind.</summary>
    internal static void Serial<TTile>(in GemmProblem g)
        where TTile : struct, IGemmTile
    {
        if (g.M <= 0 || g.N <= 0)
            return;
        if (g.K <= 0)
        {
            Empty(g);
            return;
        }

        if (g.M <= GemmBlock.MaxRows)
        {
            GemmBlock.Run<TTile>(g, 0, g.M, 0, GemmBlock.Panels<TTile>(g.N), null);
            return;
        }

        Shared<TTile>(g, 1);
    }

    private static void Run<TTile>(in GemmProblem g)
        where TTile : struct, IGemmTile
    {
        int threads = WorkPool.Threads;
        if (threads == 1 || g.K <= 0 || (long)g.M * g.N * g.K < Worthwhile)
        {
            Serial<TTile>(g);
            return;
        }

        int panels = GemmBlock.Panels<TTile>(g.N);
        if (g.M <= 64 && panels >= threads)
        {
            // Few rows: every thread has its own columns and packs their panels where needed.
            var columns = new ColumnBody<TTile> { Problem = g, Pieces = Math.Min(panels, threads * 2) };
            WorkPool.For(columns.Pieces, ref columns);
            return;
        }

        Shared<TTile>(g, threads);
    }

    // A long k goes in stretches, so that the packed stretch of B stays in the caches; the chains go on where they stopped.
    private static void Shared<TTile>(in GemmProblem g, int threads)
        where TTile : struct, IGemmTile
    {
        int longest = Math.Max(640, PackedBytes / sizeof(float) / g.N);
        int stretches = (g.K + longest - 1) / longest;
        int length = (((g.K + stretches - 1) / stretches) + 3) & ~3;
        for (int k = 0; k < g.K; k += length)
        {
            var part = g;
            part.A = g.AddressA(0, k);
            part.B = g.AddressB(k, 0);
            part.K = Math.Min(length, g.K - k);
            part.Accumulate = g.Accumulate || k > 0;
            part.Bias = k + part.K == g.K ? g.Bias : null;
            Stretch<TTile>(part, threads);
        }
    }

    // B packed once by all threads, then blocks of rows (and of columns where rows are few).
    private static void Stretch<TTile>(in GemmProblem g, int threads)
        where TTile : struct, IGemmTile
    {
        int panels = GemmBlock.Panels<TTile>(g.N);
        long size = GemmBlock.PackedSize<TTile>(g.N, g.K);
        float* packed = BufferPool.RentFloats(size);
        int tile = TTile.Rows;
        int rowBlocks = (g.M + GemmBlock.MaxRows - 1) / GemmBlock.MaxRows;
        int wanted = threads == 1 ? 1 : threads * 4;
        if (rowBlocks < wanted)
            rowBlocks = Math.Max(rowBlocks, Math.Min(wanted, g.M / (4 * tile)));
        rowBlocks = Math.Max(1, (rowBlocks + threads - 1) / threads * threads);
        int rows = (((g.M + rowBlocks - 1) / rowBlocks) + tile - 1) / tile * tile;
        rowBlocks = (g.M + rows - 1) / rows;
        int columnBlocks = rowBlocks >= wanted / 2 ? 1 : Math.Clamp((wanted + rowBlocks - 1) / rowBlocks, 1, panels); // each packs A anew

        var pack = new PackBody<TTile> { Problem = g, Packed = packed, Panels = panels, Pieces = Math.Min(panels, threads * 2) };
        var compute = new TileBody<TTile> { Problem = g, Packed = packed, Panels = panels, Rows = rows, ColumnBlocks = columnBlocks };
        if (threads == 1)
        {
            for (int i = 0; i < pack.Pieces; i++)
                pack.Run(i);
            for (int i = 0; i < rowBlocks * columnBlocks; i++)
                compute.Run(i);
        }
        else
        {
            WorkPool.For(pack.Pieces, ref pack);
            WorkPool.For(rowBlocks * columnBlocks, ref compute);
        }

        BufferPool.ReturnFloats(packed, size);
    }

    private static void Empty(in GemmProblem g)
    {
        for (int i = 0; i < g.M; i++)
        {
            for (int j = 0; j < g.N; j++)
                g.C[(i * g.LdC) + j] = (g.Accumulate ? g.C[(i * g.LdC) + j] : 0f) + (g.Bias == null ? 0f : g.Bias[j]);
        }
    }

    private struct ColumnBody<TTile> : IParallelBody
        where TTile : struct, IGemmTile
    {
        internal GemmProblem Problem;
        internal int Pieces;

        public readonly void Run(int index)
        {
            int panels = GemmBlock.Panels<TTile>(Problem.N);
            GemmBlock.Run<TTile>(Problem, 0, Problem.M, (int)((long)panels * index / Pieces), (int)((long)panels * (index + 1) / Pieces), null);
        }
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
        internal int Rows;
        internal int ColumnBlocks;

        public readonly void Run(int index)
        {
            int row = index / ColumnBlocks * Rows;
            int column = index % ColumnBlocks;
            GemmBlock.Run<TTile>(Problem, row, Math.Min(Problem.M, row + Rows), Panels * column / ColumnBlocks, Panels * (column + 1) / ColumnBlocks, Packed);
        }
    }
}
