using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

[Collection("kernels")]
public sealed unsafe class LaneMathTests
{
    private static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon,
        -float.Epsilon, 1e-38f, -87.5f, -95f, -103.9f, -104.5f, 88.72f, 88.73f, 0.5f, 1.0000001f, 0.99999994f, 4.04f, 4.06f, -20f,
    ];

    [Fact]
    public void Exp_within_two_ulp() => Check(default(Functions.Exp), Math.Exp, -105, 90, 2.0, 0);

    [Fact]
    public void Log_within_two_ulp()
    {
        Check(default(Functions.Log), Math.Log, 1e-45f, 1e-37f, 2.0, 0);
        Check(default(Functions.Log), Math.Log, 0.5f, 2f, 2.0, 0);
        Check(default(Functions.Log), Math.Log, 0f, 1e30f, 2.0, 0);
    }

    [Fact]
    public void Tanh_within_three_ulp() => Check(default(Functions.Tanh), Math.Tanh, -12, 12, 3.0, 0);

    [Fact]
    public void Erf_within_1e7() => Check(default(Functions.Erf), Erf, -5, 5, 0, 1.2e-7);

    [Fact]
    public void Square_root_and_quotients_are_exact()
    {
        Check(default(Functions.Sqrt), Math.Sqrt, 0, 100, 0.5, 0);
        Check(default(Functions.Reciprocal), x => 1 / x, 0.1f, 100, 0.5, 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(48)]
    public void Tails_have_the_bits_of_full_vectors(int n)
    {
        using var x = new Floats(n + 16, 9, 3f);
        using var whole = new Floats(n + 16);
        Elementwise.Map(default(Functions.Tanh), x, whole, n + 16);
        KernelSettings.Everywhere(() =>
        {
            using var y = new Floats(n + 16);
            Elementwise.Map(default(Functions.Tanh), x, y, n);
            Assert.True(y.Span[..n].SequenceEqual(whole.Span[..n]));
            Assert.True(float.IsNaN(y[n])); // not written
        });
    }

    // Double-precision erf by its series (small) and continued fraction (large).
    internal static double Erf(double x)
    {
        double y = Math.Abs(x), value;
        if (y < 2.5)
        {
            double term = y, sum = y;
            for (int i = 1; i < 100; i++)
            {
                term *= -y * y / i;
                sum += term / ((2 * i) + 1);
            }

            value = sum * 2 / Math.Sqrt(Math.PI);
        }
        else
        {
            double f = 0;
            for (int i = 60; i > 0; i--)
                f = i / 2.0 / (y + f);
            value = 1 - (Math.Exp(-y * y) / ((y + f) * Math.Sqrt(Math.PI)));
        }

        return double.IsNaN(x) ? x : Math.CopySign(value, x);
    }

    private static void Check<TF>(TF f, Func<double, double> exact, float low, float high, double ulps, double absolute)
        where TF : struct, IUnary
    {
        const int N = 20011;
        using var x = new Floats(N, 5);
        for (int i = 0; i < N; i++)
            x.Span[i] = i < Special.Length ? Special[i] : low + ((high - low) * (x[i] + 1) / 2);
        using var y = KernelSettings.SameEverywhere(() =>
        {
            var result = new Floats(N);
            Elementwise.Map(f, x, result, N);
            return result;
        });
        for (int i = 0; i < N; i++)
        {
            double want = exact(x[i]);
            float nearest = (float)want;
            if (!float.IsFinite(nearest))
            {
                Assert.True(nearest.Equals(y[i]), $"f({x[i]:R}) = {y[i]:R}, not {nearest:R}");
                continue;
            }

            double ulp = Math.Max(MathF.BitIncrement(MathF.Abs(nearest)) - (double)Math.Abs(nearest), float.Epsilon);
            if (double.IsInfinity(ulp))
                ulp = Math.Pow(2, 104);
            double error = Math.Abs(y[i] - want);
            Assert.True(error <= (ulps * ulp) + absolute, $"f({x[i]:R}) = {y[i]:R}, not {want:R}: {error / ulp} ulp");
        }
    }
}
