using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>GELU(x) = x Phi(x) with the exact normal distribution function (Hendrycks and Gimpel 2016), Phi(x) = (1 + erf(x / sqrt 2)) / 2.</summary>
internal static unsafe class Gelu
{
    private const float SqrtHalf = 0.70710678f;
    private const float InverseSqrt2Pi = 0.39894228f;

    /// <summary>y = GELU(x), n elements.</summary>
    internal static void Forward(float* x, float* y, long n) => Elementwise.Map(default(Value), x, y, n);

    /// <summary>dx = dy GELU'(x), n elements.</summary>
    internal static void Backward(float* x, float* dy, float* dx, long n) => Elementwise.Zip(default(Gradient), x, dy, dx, n);

    /// <summary>y[r, j] = GELU(x[r, j] + bias[j]).</summary>
    internal static void BiasForward(float* x, float* bias, float* y, long rows, int columns) =>
        Elementwise.ZipRow(default(BiasValue), x, bias, y, rows, columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Of<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var half = x * T.Splat(0.5f);
        return T.Fma(half, LaneMath.Erf(x * T.Splat(SqrtHalf)), half);
    }

    private readonly struct Value : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => Of(x);
    }

    private readonly struct BiasValue : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => Of(a + b);
    }

    private readonly struct Gradient : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T>
        {
            // GELU'(x) = Phi(x) + x phi(x)
            var cdf = T.Fma(T.Splat(0.5f), LaneMath.Erf(a * T.Splat(SqrtHalf)), T.Splat(0.5f));
            var pdf = LaneMath.Exp(a * a * T.Splat(-0.5f)) * T.Splat(InverseSqrt2Pi);
            return b * T.Fma(a, pdf, cdf);
        }
    }
}
