namespace TorchSharp.Kernels;

/// <summary>Many products of one shape, each as <see cref="Gemm"/>; a batch stride of 0 shares an operand.</summary>
internal static unsafe class BatchedGemm
{
    /// <summary>For each of <paramref name="batch"/>: C (m x n) = [C +] op(A) op(B) [+ bias]; strides in elements.</summary>
    internal static void Run(int batch, int m, int n, int k, float* a, nint strideA, nint lda, bool transA, float* b, nint strideB, nint ldb, bool transB, float* c, nint strideC, nint ldc, bool accumulate = false, float* bias = null)
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
        if (batch < 2 * WorkPool.Threads && (long)m * n * k > 1 << 18)
        {
            // A few large products: threads share each of them.
            for (int i = 0; i < batch; i++)
            {
                Gemm.Run(problem);
                problem.A += strideA;
                problem.B += strideB;
                problem.C += strideC;
            }

            return;
        }

        switch (CpuPath.Level)
        {
            case SimdLevel.Avx512:
                Run<GemmTile512>(batch, problem, strideA, strideB, strideC);
                break;
            case SimdLevel.Avx2:
                Run<GemmTile256>(batch, problem, strideA, strideB, strideC);
                break;
            default:
                Run<GemmTile128>(batch, problem, strideA, strideB, strideC);
                break;
        }
    }

    private static void Run<TTile>(int batch, in GemmProblem problem, nint strideA, nint strideB, nint strideC)
        where TTile : struct, IGemmTile
    {
        long work = (long)problem.M * problem.N * problem.K;
        int pieces = (int)Math.Min(Math.Min(batch, WorkPool.Threads * 4L), Math.Max(1, batch * work / (1 << 16)));
        var body = new Body<TTile> { Problem = problem, Batch = batch, Pieces = pieces, StrideA = strideA, StrideB = strideB, StrideC = strideC };
        WorkPool.For(pieces, ref body);
    }

    private struct Body<TTile> : IParallelBody
        where TTile : struct, IGemmTile
    {
        internal GemmProblem Problem;
        internal int Batch;
        internal int Pieces;
        internal nint StrideA;
        internal nint StrideB;
        internal nint StrideC;

        public readonly void Run(int index)
        {
            int end = (int)((long)Batch * (index + 1) / Pieces);
            for (int i = (int)((long)Batch * index / Pieces); i < end; i++)
            {
                var problem = Problem;
                problem.A += i * StrideA;
                problem.B += i * StrideB;
                problem.C += i * StrideC;
                Gemm.Serial<TTile>(problem);
            }
        }
    }
}
