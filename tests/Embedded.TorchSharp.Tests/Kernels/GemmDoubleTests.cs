using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

[Collection("kernels")]
public sealed unsafe class GemmDoubleTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 8, 3)]
    [InlineData(3, 270, 9)]
    [InlineData(70, 5, 300)]
    [InlineData(69, 33, 520)]
    [InlineData(5, 3, 0)]
    public void Is_one_chain_of_fused_multiply_adds_for_any_strides(int m, int n, int k)
    {
        foreach (bool transA in new[] { false, true })
        {
            foreach (bool transB in new[] { false, true })
            {
                foreach (bool accumulate in new[] { false, true })
                    Check(m, n, k, transA, transB, accumulate);
            }
        }
    }

    private static void Check(int m, int n, int k, bool transA, bool transB, bool accumulate)
    {
        var random = new Random(m + n + k);
        double[] a = Numbers(m * k), b = Numbers(k * n), start = Numbers(m * (n + 2));
        int downA = transA ? 1 : k, acrossA = transA ? m : 1, downB = transB ? 1 : n, acrossB = transB ? k : 1;
        double[] expected = [.. start];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = accumulate ? start[(i * (n + 2)) + j] : 0;
                for (int p = 0; p < k; p++)
                    sum = Math.FusedMultiplyAdd(a[(i * downA) + (p * acrossA)], b[(p * downB) + (j * acrossB)], sum);
                expected[(i * (n + 2)) + j] = sum;
            }
        }

        KernelSettings.Everywhere(() =>
        {
            double[] c = [.. start];
            fixed (double* pa = a, pb = b, pc = c)
                GemmDouble.Run(m, n, k, pa, downA, acrossA, pb, downB, acrossB, pc, n + 2, accumulate);
            Assert.True(expected.AsSpan().SequenceEqual(c)); // the columns beyond n are untouched too
        });

        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }
}
