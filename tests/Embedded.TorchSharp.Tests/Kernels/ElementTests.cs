using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

[Collection("kernels")]
public sealed unsafe class ElementTests
{
    [Fact]
    public void Gelu_and_its_gradient()
    {
        const int N = 40003;
        using var x = new Floats(N, 1, 6f);
        using var dy = new Floats(N, 2);
        using var y = KernelSettings.SameEverywhere(() => Out(N, o => Gelu.Forward(x, o, N)));
        using var dx = KernelSettings.SameEverywhere(() => Out(N, o => Gelu.Backward(x, dy, o, N)));
        for (int i = 0; i < N; i += 7)
        {
            double cdf = (1 + LaneMathTests.Erf(x[i] / Math.Sqrt(2))) / 2;
            Assert.Equal(x[i] * cdf, y[i], 4e-7);
            Assert.Equal(dy[i] * (cdf + (x[i] * Math.Exp(-(double)x[i] * x[i] / 2) / Math.Sqrt(2 * Math.PI))), dx[i], 4e-7);
        }

        using var bias = new Floats(67, 3);
        using var biased = Out(67 * 5, o => Gelu.BiasForward(x, bias, o, 5, 67));
        using var sum = Out(67 * 5, o => Elementwise.AddRow(x, bias, o, 5, 67));
        using var expected = Out(67 * 5, o => Gelu.Forward(sum, o, 67 * 5));
        biased.ShouldEqualBits(expected);
    }

    [Fact]
    public void Gelu_of_special_numbers_and_far_tails()
    {
        using var x = new Floats(16);
        float[] numbers = [0f, -0f, float.NaN, float.PositiveInfinity, 1e30f, 20f, -20f, -8f, -5f, -3f, 1e-20f, -1e-20f, 1e-38f, 6f, -1e30f, 0.5f];
        numbers.CopyTo(x.Span);
        using var y = KernelSettings.SameEverywhere(() => Out(16, o => Gelu.Forward(x, o, 16)));
        for (int i = 0; i < 16; i++)
        {
            double tail = Math.Abs(x[i]) > 13 ? 0 : 1; // Mills' ratio by its continued fraction
            for (int j = 200; j > 0; j--)
                tail = j / (Math.Abs(x[i]) + tail);
            double far = Math.Exp(-(double)x[i] * x[i] / 2) / Math.Sqrt(2 * Math.PI) / (Math.Abs(x[i]) + tail);
            double expected = x[i] < -2.5 ? x[i] * far : x[i] * (1 + LaneMathTests.Erf(x[i] / Math.Sqrt(2))) / 2;
            if (double.IsNaN(expected) || double.IsInfinity(expected))
                Assert.Equal((float)expected, y[i]);
            else
                Assert.Equal(expected, y[i], Math.Max(1e-37, 3e-6 * Math.Abs(expected))); // PyTorch's 1 + erf has no digits left there
        }
    }

    [Fact]
    public void Arithmetic_is_that_of_single_floats()
    {
        const int N = 1037;
        using var a = new Floats(N, 4, 10f);
        using var b = new Floats(N, 5);
        Check(o => Elementwise.Add(a, b, o, N), i => a[i] + b[i]);
        Check(o => Elementwise.Subtract(a, b, o, N), i => a[i] - b[i]);
        Check(o => Elementwise.Multiply(a, b, o, N), i => a[i] * b[i]);
        Check(o => Elementwise.Divide(a, b, o, N), i => a[i] / b[i]);
        Check(o => Elementwise.Scale(a, 0.3f, o, N), i => a[i] * 0.3f);
        Check(o => Elementwise.Map(default(Functions.Relu), a, o, N), i => MathF.Max(0f, a[i]));
        Check(o => Elementwise.Zip(default(Functions.ReluGrad), a, b, o, N), i => a[i] > 0 ? b[i] : 0f);
        Check(o => { b.Span.CopyTo(o.Span); Elementwise.Axpy(-1.7f, a, o, N); }, i => MathF.FusedMultiplyAdd(-1.7f, a[i], b[i]));

        static void Check(Action<Floats> run, Func<int, float> expected)
        {
            using var y = KernelSettings.SameEverywhere(() => Out(N, run));
            for (int i = 0; i < N; i++)
                Assert.Equal(expected(i), y[i]);
        }
    }

    [Fact]
    public void Philox_gives_the_words_of_its_authors()
    {
        // Random123's known answers for philox4x32-10: counter and key all zeros, and all ones.
        uint* words = stackalloc uint[Philox.BlockSize];
        Philox.Words(0, 0, 0, words);
        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u], [words[0], words[8], words[16], words[24]]);
        Philox.Words(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue / 8, words);
        Assert.Equal([0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu], [words[7], words[15], words[23], words[31]]);
    }

    [Fact]
    public void Dropout_drops_its_share_by_index_alone()
    {
        const int N = 100_003;
        using var x = new Floats(N);
        x.Span.Fill(1f);
        using var y = KernelSettings.SameEverywhere(() => Out(N, o => Dropout.Run(x, o, N, 0.2f, 11, 5)));
        int dropped = y.Span.Count(0f);
        Assert.Equal(N, dropped + y.Span.Count(1f / (1f - 0.2f)));
        Assert.InRange(dropped, 19_500, 20_500);
        using var part = Out(777, o => Dropout.Run(x, o, 777, 0.2f, 11, 5));
        Assert.True(part.Span.SequenceEqual(y.Span[..777]));
        using var other = Out(777, o => Dropout.Run(x, o, 777, 0.2f, 11, 6));
        Assert.False(part.Span.SequenceEqual(other.Span));
        using var none = Out(777, o => Dropout.Run(x, o, 777, 1f, 11, 6));
        Assert.Equal(777, none.Span.Count(0f));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Adam_follows_the_formula(bool decoupled)
    {
        const int N = 100;
        using var start = new Floats(N, 6);
        using var gradient = new Floats(N, 7);
        double[] p = [.. start.Span.ToArray()], m = new double[N], v = new double[N];
        for (int step = 1; step <= 3; step++)
        {
            for (int i = 0; i < N; i++)
            {
                double g = gradient[i];
                if (decoupled)
                    p[i] *= 1 - (1e-2 * 0.1);
                else
                    g += 0.1 * p[i];
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.98 * v[i]) + (0.02 * g * g);
                p[i] -= 1e-2 / (1 - Math.Pow(0.9, step)) * m[i] / ((Math.Sqrt(v[i]) / Math.Sqrt(1 - Math.Pow(0.98, step))) + 1e-8);
            }
        }

        using var result = KernelSettings.SameEverywhere(() =>
        {
            var parameter = start.Copy();
            using var moments = new Floats(2 * N);
            moments.Span.Clear();
            for (int step = 1; step <= 3; step++)
                AdamStep.Run(parameter, gradient, moments, moments.Pointer + N, N, new AdamSettings(step, 1e-2, 0.9, 0.98, 1e-8, 0.1, decoupled));
            return parameter;
        });
        for (int i = 0; i < N; i++)
            Assert.Equal(p[i], result[i], 1e-6);
    }

    [Fact]
    public void Norms_are_the_same_with_any_threads()
    {
        const int N = 100_001;
        using var x = new Floats(N, 8);
        double exact = 0;
        foreach (float value in x.Span)
            exact += (double)value * value;
        using var norm = KernelSettings.SameEverywhere(() => Out(2, o =>
        {
            double value = Norms.SquaredNorm(x, N);
            *(double*)o.Pointer = value;
        }));
        Assert.Equal(exact, *(double*)norm.Pointer, 1e-6 * exact);
    }

    private static Floats Out(int count, Action<Floats> compute)
    {
        var result = new Floats(count);
        compute(result);
        return result;
    }
}
