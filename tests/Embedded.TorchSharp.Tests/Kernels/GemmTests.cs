using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

[Collection("kernels")]
public sealed unsafe class GemmTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 33, 7)]
    [InlineData(1, 200, 3)]
    [InlineData(1, 40, 511)] // with lines of B 2 KB apart
    [InlineData(1, 700, 401)] // on two threads, each with a piece of B's rows
    [InlineData(1, 2100, 70)]
    [InlineData(2, 129, 600)]
    [InlineData(3, 32, 16)]
    [InlineData(3, 64, 65)]
    [InlineData(3, 110, 1030)]
    [InlineData(3, 511, 514)] // on two threads, with rows of B 2 KB apart
    [InlineData(5, 31, 65)]
    [InlineData(12, 64, 130)]
    [InlineData(13, 95, 321)]
    [InlineData(32, 256, 64)]
    [InlineData(65, 40, 650)]
    [InlineData(251, 70, 35)]
    [InlineData(490, 130, 90)]
    public void Is_one_chain_of_fused_multiply_adds(int m, int n, int k)
    {
        foreach (bool transA in new[] { false, true })
        {
            foreach (bool transB in new[] { false, true })
                Check(m, n, k, transA, transB, accumulate: false, withBias: transA);
        }

        Check(m, n, k, false, true, accumulate: true, withBias: true);
    }

    [Fact]
    public void Empty_k_gives_zero_or_what_was_there()
    {
        using var c = new Floats(6, 3);
        using var kept = c.Copy();
        Gemm.Run(2, 3, 0, null, 1, false, null, 3, false, c, 3, accumulate: true);
        c.ShouldEqualBits(kept);
        Gemm.Run(2, 3, 0, null, 1, false, null, 3, false, c, 3);
        Assert.All(c.Span.ToArray(), x => Assert.Equal(0f, x));
    }

    [Fact]
    public void A_row_alone_has_the_bits_it_has_in_a_batch()
    {
        const int M = 300, N = 200, K = 700;
        using var a = new Floats(M * K, 1);
        using var b = new Floats(N * K, 2);
        using var all = new Floats(M * N);
        Gemm.Run(M, N, K, a, K, false, b, K, true, all, N);
        using var one = new Floats(N);
        foreach (int row in new[] { 0, 11, 12, 119, 299 })
        {
            Gemm.Run(1, N, K, a.Pointer + (row * K), K, false, b, K, true, one, N);
            Assert.True(one.Span.SequenceEqual(all.Span.Slice(row * N, N)));
        }
    }

    [Fact]
    public void Batches_equal_single_products()
    {
        const int Batch = 37, M = 17, N = 19, K = 23;
        using var a = new Floats(Batch * M * K, 4);
        using var b = new Floats(Batch * K * N, 5);
        using var c = KernelSettings.SameEverywhere(() =>
        {
            var y = new Floats(Batch * M * N);
            BatchedGemm.Run(Batch, M, N, K, a, M * K, K, false, b, K * N, N, false, y, M * N, N);
            return y;
        });
        using var single = new Floats(M * N);
        Gemm.Run(M, N, K, a.Pointer + (36 * M * K), K, false, b.Pointer + (36 * K * N), N, false, single, N);
        Assert.True(single.Span.SequenceEqual(c.Span[(36 * M * N)..]));
    }

    [Fact]
    public void A_call_allocates_no_managed_memory()
    {
        const int M = 260, N = 300, K = 200;
        using var a = new Floats(M * K, 1);
        using var b = new Floats(N * K, 2);
        using var c = new Floats(M * N);
        KernelSettings.Everywhere(() =>
        {
            Products();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Products();
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        });

        void Products()
        {
            foreach (int m in stackalloc[] { 1, 3, 16, M })
            {
                Gemm.Run(m, N, K, a, K, false, b, K, true, c, N);
                Gemm.Run(m, N, K, a, m, true, b, N, false, c, N);
            }

            BatchedGemm.Run(20, 13, 15, K, a, 13 * K, K, false, b, 15 * K, K, true, c, 13 * 15, 15);
        }
    }

    private static void Check(int m, int n, int k, bool transA, bool transB, bool accumulate, bool withBias)
    {
        int lda = (transA ? m : k) + 3;
        int ldb = (transB ? k : n) + 1;
        int ldc = n + 2;
        using var a = new Floats((transA ? k : m) * lda, 1);
        using var b = new Floats((transB ? n : k) * ldb, 2);
        using var start = new Floats(m * ldc, 3);
        using var bias = new Floats(n, 4);
        using var expected = start.Copy();
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = accumulate ? start[(i * ldc) + j] : 0f;
                for (int p = 0; p < k; p++)
                    sum = MathF.FusedMultiplyAdd(transA ? a[(p * lda) + i] : a[(i * lda) + p], transB ? b[(j * ldb) + p] : b[(p * ldb) + j], sum);
                expected.Span[(i * ldc) + j] = withBias ? sum + bias[j] : sum;
            }
        }

        KernelSettings.Everywhere(() =>
        {
            using var c = start.Copy();
            Gemm.Run(m, n, k, a, lda, transA, b, ldb, transB, c, ldc, accumulate, withBias ? bias : (float*)null);
            c.ShouldEqualBits(expected); // the columns beyond n are untouched too

            var packed = new PackedMatrix(b, ldb, transB, n, k);
            using var again = start.Copy();
            Gemm.Run(new GemmProblem { M = m, N = n, K = k, A = a, LdA = lda, TransA = transA, C = again, LdC = ldc, Accumulate = accumulate, Bias = withBias ? bias : (float*)null, Packed = packed.Data });
            again.ShouldEqualBits(expected);
            packed.Release();
        });
    }
}
