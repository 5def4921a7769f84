using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

[Collection("kernels")]
public sealed unsafe class RowTests
{
    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 3, 15 }, { 2, 16 }, { 5, 17 }, { 7, 64 }, { 4, 131 }, { 600, 67 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Softmax_and_its_gradients(int rows, int n)
    {
        using var x = new Floats(rows * n, 1, 6f);
        using var dy = new Floats(rows * n, 2);
        using var y = KernelSettings.SameEverywhere(() => Out(rows * n, o => SoftmaxRows.Forward(x, o, rows, n)));
        using var log = KernelSettings.SameEverywhere(() => Out(rows * n, o => SoftmaxRows.LogForward(x, o, rows, n)));
        using var dx = KernelSettings.SameEverywhere(() => Out(rows * n, o => SoftmaxRows.Backward(y, dy, o, rows, n)));
        using var dlog = KernelSettings.SameEverywhere(() => Out(rows * n, o => SoftmaxRows.LogBackward(log, dy, o, rows, n)));
        using var lse = KernelSettings.SameEverywhere(() => Out(rows, o => ReduceRows.LogSumExp(x, o, rows, n)));
        for (int r = 0; r < rows; r++)
        {
            var row = Doubles(x, r, n);
            double logSum = Math.Log(row.Sum(Math.Exp));
            Near(logSum, lse[r], 1e-6);
            double dot = 0, sum = 0;
            for (int j = 0; j < n; j++)
            {
                dot += Math.Exp(row[j] - logSum) * dy[(r * n) + j];
                sum += dy[(r * n) + j];
            }

            for (int j = 0; j < n; j++)
            {
                int i = (r * n) + j;
                double p = Math.Exp(row[j] - logSum);
                Near(p, y[i], 1e-6);
                Near(row[j] - logSum, log[i], 2e-6);
                Near(p * (dy[i] - dot), dx[i], 2e-6);
                Near(dy[i] - (p * sum), dlog[i], 5e-6);
            }
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(16, 16)]
    [InlineData(23, 41)]
    [InlineData(63, 1)]
    [InlineData(100, 200)]
    public void Padding_with_minus_infinity_changes_no_bit(int n, int padding)
    {
        using var x = new Floats(n, 3, 5f);
        using var padded = new Floats(n + padding);
        padded.Span.Fill(float.NegativeInfinity);
        x.Span.CopyTo(padded.Span);
        KernelSettings.Everywhere(() =>
        {
            using var y = Out(n, o => SoftmaxRows.Forward(x, o, 1, n));
            using var long_ = Out(n + padding, o => SoftmaxRows.Forward(padded, o, 1, n + padding));
            Assert.True(y.Span.SequenceEqual(long_.Span[..n]));
            Assert.True(long_.Span[n..].IndexOfAnyExcept(0f) < 0);
            using var a = Out(1, o => ReduceRows.LogSumExp(x, o, 1, n));
            using var b = Out(1, o => ReduceRows.LogSumExp(padded, o, 1, n + padding));
            a.ShouldEqualBits(b);
        });
    }

    [Fact]
    public void Rows_of_infinities_and_nan_are_as_in_pytorch()
    {
        using var x = new Floats(5 * 20, 4);
        x.Span[..20].Fill(float.NegativeInfinity);
        x.Span[27] = float.PositiveInfinity;
        x.Span[45] = float.NaN;
        KernelSettings.Everywhere(() =>
        {
            using var lse = Out(3, o => ReduceRows.LogSumExp(x, o, 3, 20));
            Assert.Equal([float.NegativeInfinity, float.PositiveInfinity, float.NaN], lse.Span.ToArray());
            using var y = Out(60, o => SoftmaxRows.Forward(x, o, 3, 20));
            Assert.True(y.Span.IndexOfAnyInRange(float.NegativeInfinity, float.PositiveInfinity) < 0); // all NaN
        });
    }

    [Fact]
    public void Max_takes_the_first_index_and_nan()
    {
        const int N = 70;
        using var x = new Floats(4 * N, 5);
        x.Span[33] = x.Span[66] = 9f;
        x.Span.Slice(N, N).Fill(float.NegativeInfinity);
        x.Span[(2 * N) + 50] = float.NaN;
        x.Span[(2 * N) + 3] = float.PositiveInfinity;
        x.Span[(3 * N) + 69] = 2f;
        KernelSettings.Everywhere(() =>
        {
            using var values = new Floats(4);
            long* indices = stackalloc long[4];
            ReduceRows.Max(x, values, indices, 4, N);
            Assert.Equal([33, 0, 50, 69], new ReadOnlySpan<long>(indices, 4).ToArray());
            Assert.Equal([9f, float.NegativeInfinity, float.NaN, 2f], values.Span.ToArray());
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Layer_norm_and_its_gradients(int rows, int n)
    {
        using var x = new Floats(rows * n, 6, 3f);
        using var gamma = new Floats(n, 7);
        using var beta = new Floats(n, 8);
        using var dy = new Floats(rows * n, 9);
        using var mean = new Floats(rows);
        using var rstd = new Floats(rows);
        using var y = KernelSettings.SameEverywhere(() => Out(rows * n, o => LayerNorm.Forward(x, gamma, beta, 1e-5f, o, mean, rstd, rows, n)));
        using var start = new Floats(2 * n, 10);
        using var gradients = KernelSettings.SameEverywhere(() =>
        {
            var o = new Floats((rows + 2) * n);
            start.Span.CopyTo(o.Span[(rows * n)..]);
            LayerNorm.Backward(x, gamma, mean, rstd, dy, o, o.Pointer + (rows * n), o.Pointer + ((rows + 1) * n), rows, n);
            return o;
        });
        var dgamma = Doubles(start, 0, n);
        var dbeta = Doubles(start, 1, n);
        for (int r = 0; r < rows; r++)
        {
            var row = Doubles(x, r, n);
            double m = row.Average();
            double s = 1 / Math.Sqrt(row.Average(v => (v - m) * (v - m)) + 1e-5);
            double a = 0, b = 0;
            for (int j = 0; j < n; j++)
            {
                double hat = (row[j] - m) * s, d = dy[(r * n) + j];
                Near((hat * gamma[j]) + beta[j], y[(r * n) + j], 5e-6);
                a += d * gamma[j] / n;
                b += d * gamma[j] * hat / n;
                dgamma[j] += d * hat;
                dbeta[j] += d;
            }

            for (int j = 0; j < n; j++)
                Near(s * ((dy[(r * n) + j] * gamma[j]) - a - ((row[j] - m) * s * b)), gradients[(r * n) + j], 1e-5 * Math.Max(1, s));
        }

        for (int j = 0; j < n; j++)
        {
            Near(dgamma[j], gradients[(rows * n) + j], 1e-4);
            Near(dbeta[j], gradients[((rows + 1) * n) + j], 1e-4);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void Cross_entropy_and_its_gradient(float smoothing)
    {
        const int Rows = 40, Classes = 83;
        using var x = new Floats(Rows * Classes, 11, 4f);
        using var weights = new Floats(Rows, 12);
        long* targets = stackalloc long[Rows];
        for (int r = 0; r < Rows; r++)
            targets[r] = r % 7 == 3 ? -100 : r * 31 % Classes;
        nint address = (nint)targets;
        using var lse = new Floats(Rows);
        using var losses = KernelSettings.SameEverywhere(() => Out(Rows, o => CrossEntropyRows.Forward(x, (long*)address, o, lse, Rows, Classes, smoothing)));
        using var dx = KernelSettings.SameEverywhere(() => Out(Rows * Classes, o => CrossEntropyRows.Backward(x, (long*)address, lse, weights, o, Rows, Classes, smoothing)));
        for (int r = 0; r < Rows; r++)
        {
            var row = Doubles(x, r, Classes);
            double logSum = Math.Log(row.Sum(Math.Exp));
            bool ignored = targets[r] == -100;
            double loss = ignored ? 0 : ((1 - smoothing) * (logSum - row[targets[r]])) + (smoothing * (logSum - row.Average()));
            Near(loss, losses[r], 5e-6);
            for (int j = 0; j < Classes; j++)
            {
                double g = ignored ? 0 : weights[r] * (Math.Exp(row[j] - logSum) - (j == targets[r] ? 1 - smoothing : 0) - (smoothing / Classes));
                Near(g, dx[(r * Classes) + j], 2e-6);
            }
        }

        targets[4] = Classes;
        Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropyRows.Forward(x, (long*)address, losses, lse, Rows, Classes));
    }

    [Fact]
    public void Column_sums_and_embeddings_add_in_order()
    {
        const int Rows = 333, N = 75, Table = 20;
        using var x = new Floats(Rows * N, 13);
        long* ids = stackalloc long[Rows];
        for (int r = 0; r < Rows; r++)
            ids[r] = r * 13 % Table;
        nint address = (nint)ids;
        using var sums = KernelSettings.SameEverywhere(() => Out(N, o => ColumnSum.Run(x, N, o, Rows, N, false)));
        using var table = new Floats(Table * N, 14);
        using var added = KernelSettings.SameEverywhere(() =>
        {
            var o = table.Copy();
            EmbeddingRows.ScatterAdd(o, Table, (long*)address, x, Rows, N, skip: 3);
            return o;
        });
        using var expected = table.Copy();
        for (int r = 0; r < Rows; r++)
        {
            for (int j = 0; j < N; j++)
                expected.Span[(int)(ids[r] * N) + j] += ids[r] == 3 ? 0f : x[(r * N) + j];
        }

        added.ShouldEqualBits(expected);
        for (int j = 0; j < N; j++)
        {
            double sum = 0;
            for (int r = 0; r < Rows; r++)
                sum += x[(r * N) + j];
            Near(sum, sums[j], 2e-5);
        }

        using var rows = KernelSettings.SameEverywhere(() => Out(Rows * N, o => EmbeddingRows.Gather(table, Table, (long*)address, o, Rows, N)));
        Assert.True(rows.Span.Slice(5 * N, N).SequenceEqual(table.Span.Slice((int)ids[5] * N, N)));
        ids[7] = Table;
        Assert.Throws<ArgumentOutOfRangeException>(() => EmbeddingRows.Gather(table, Table, (long*)address, rows, Rows, N));
    }

    private static Floats Out(int count, Action<Floats> compute)
    {
        var result = new Floats(count);
        compute(result);
        return result;
    }

    private static double[] Doubles(Floats x, int row, int n) => [.. x.Span.Slice(row * n, n).ToArray().Select(v => (double)v)];

    private static void Near(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{actual:R} is not {expected:R}");
}
