namespace TorchSharp.Kernels;

/// <summary>
/// Row-major float32 matrix products. Element (i, j) is one chain of fused multiply-adds over k ascending, starting at
/// 0 (or at C when accumulating), then the bias: the bits depend on nothing but row i, column j and the instruction fma.
/// </summary>
internal static unsafe class Gemm
{
    // Few rows are bound by reading B: below these elements (1 MB) waking another thread costs about what it saves.
    private const long RowsOnTwo = 1 << 18;

    // Below this many multiply-adds a second thread costs more than it does.
    private const long Worthwhile = 1 << 17;

    // Up to so many rows, threads divide the columns.
    private const int FewRows = 64;

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
    internal static void Run(in GemmProblem problem) => Run(problem, (long)problem.M * problem.N * problem.K < Worthwhile ? 1 : WorkPool.Threads);

    /// <summary>The product on the calling thread alone.</summary>
    internal static void Serial(in GemmProblem problem) => Run(problem, 1);

    /// <summary>As <see cref="Serial(in GemmProblem)"/>, with tiles of one kind.</summary>
    internal static void Serial<TTile>(in GemmProblem g)
        where TTile : struct, IGemmTile => Run<TTile>(g, 1);

    /// <summary>Floats of an op(B) packed whole for the current instruction set.</summary>
    internal static long PackedSize(int n, int k) => CpuPath.Level switch
    {
        SimdLevel.Avx512 => GemmBlock.PackedSize<GemmTile512>(n, k),
        SimdLevel.Avx2 => GemmBlock.PackedSize<GemmTile256>(n, k),
        _ => GemmBlock.PackedSize<GemmTile128>(n, k),
    };

    /// <summary>Packs op(B) whole, for <see cref="GemmProblem.Packed"/>.</summary>
    internal static void Pack(in GemmProblem problem, float* packed)
    {
        switch (CpuPath.Level)
        {
            case SimdLevel.Avx512:
                GemmShared.Pack<GemmTile512>(problem, packed, WorkPool.Threads);
                break;
            case SimdLevel.Avx2:
                GemmShared.Pack<GemmTile256>(problem, packed, WorkPool.Threads);
                break;
            default:
                GemmShared.Pack<GemmTile128>(problem, packed, WorkPool.Threads);
                break;
        }
    }

    private static void Run(in GemmProblem problem, int threads)
    {
        switch (CpuPath.Level)
        {
            case SimdLevel.Avx512:
                Run<GemmTile512>(problem, threads);
                break;
            case SimdLevel.Avx2:
                Run<GemmTile256>(problem, threads);
                break;
            default:
                Run<GemmTile128>(problem, threads);
                break;
        }
    }

    private static void Run<TTile>(in GemmProblem g, int threads)
        where TTile : struct, IGemmTile
    {
        if (g.M <= 0 || g.N <= 0)
            return;
        int panels = GemmBlock.Panels<TTile>(g.N);
        if (g.K <= 0)
        {
            Empty(g);
        }
        else if (g.M <= GemmRow.MaxRows)
        {
            var rows = new RowBody<TTile> { Problem = g, Pieces = threads == 1 || (long)g.N * g.K < RowsOnTwo ? 1 : Math.Min(threads, (g.N + GemmRow.Columns - 1) / GemmRow.Columns) };
            WorkPool.For(rows.Pieces, ref rows);
        }
        else if (threads == 1 ? g.M <= GemmBlock.MaxRows : g.M <= FewRows && panels >= threads)
        {
            // Every thread has its own columns and packs their panels where needed. Where B is read in place, each has one wide piece of its rows.
            int pieces = threads == 1 || (g.Packed == null && !g.TransB) ? threads : threads * 2;
            var columns = new ColumnBody<TTile> { Problem = g, Pieces = Math.Min(panels, pieces) };
            WorkPool.For(columns.Pieces, ref columns);
        }
        else
        {
            GemmShared.Run<TTile>(g, threads);
        }
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
            GemmBlock.Run<TTile>(Problem, 0, Problem.M, (int)((long)panels * index / Pieces), (int)((long)panels * (index + 1) / Pieces), Problem.Packed);
        }
    }

    private struct RowBody<TTile> : IParallelBody
        where TTile : struct, IGemmTile
    {
        internal GemmProblem Problem;
        internal int Pieces;

        public readonly void Run(int index)
        {
            long groups = (Problem.N + GemmRow.Columns - 1) / GemmRow.Columns;
            int begin = (int)(groups * index / Pieces) * GemmRow.Columns;
            TTile.RunRows(Problem, begin, Math.Min(Problem.N, (int)(groups * (index + 1) / Pieces) * GemmRow.Columns));
        }
    }
}
