using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>GELU(x) = x Phi(x) with the exact normal distribution function (Hendrycks and Gimpel 2016), Phi(x) = (1 + erf(x / sqrt 2)) / 2.</summary>
internal static unsafe class Gelu
{
    private const float InverseSqrt2Pi = 0.39894228f;

    /// <summary>y = GELU(x), n elements.</summary>
    internal static void Forward(float* x, float* y, long n) => Elementwise.Map(default(Value), x, y, n);

    /// <summary>dx = dy GELU'(x), n elements.</summary>
    internal static void Backward(float* x, float* dy, float* dx, long n) => Elementwise.Zip(default(Gradient), x, dy, dx, n);

    /// <summary>y[r, j] = GELU(x[r, j] + bias[j]).</summary>
    internal static void BiasForward(float* x, float* bias, float* y, long rows, int columns) =>
        Elementwise.ZipRow(default(BiasValue), x, bias, y, rows, columns);

    // Phi(x), and e^(-x^2 / 2) by the way. Phi(-|x|) = e^(-x^2 / 2) R(|x|): R, half the scaled complementary error function,
    // is smooth in s = 1 / (1 + 0.26 |x|), where a Chebyshev fit of R / s is good to 3e-8. So small tails keep their digits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Distribution<T>(T x, out T bell)
        where T : unmanaged, ILanes<T>
    {
        bell = LaneMath.Exp(x * x * T.Splat(-0.5f));
        var s = T.Splat(1f) / T.Fma(T.And(x, LaneMath.Magnitude<T>()), T.Splat(0.26f), T.Splat(1f));
        var tail = T.Horner(s, 0.03099083973f, -0.1550819059f, 0.2559159515f, -0.155744128f, 0.1640769516f, 0.04977138316f, 0.1033328034f, 0.1029768311f, 0.1037612689f) * s * bell;
        return T.Select(T.Greater(x, T.Zero), T.Splat(1f) - tail, tail);
    }

    private readonly struct Value : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => x * Distribution(x, out _);
    }

    private readonly struct BiasValue : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T>
        {
            var x = a + b;
            return x * Distribution(x, out _);
        }
    }

    private readonly struct Gradient : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T>
        {
            // GELU'(x) = Phi(x) + x phi(x)
            var cdf = Distribution(a, out T bell);
            return b * T.Fma(a, bell * T.Splat(InverseSqrt2Pi), cdf);
        }
    }
}
