using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>The functions for <see cref="Elementwise"/>: <c>Elementwise.Map(new Functions.Exp(), x, y, n)</c>.</summary>
internal static class Functions
{
    /// <summary>-x.</summary>
    internal readonly struct Neg : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => x * T.Splat(-1f);
    }

    /// <summary>|x|.</summary>
    internal readonly struct Abs : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.And(x, LaneMath.Magnitude<T>());
    }

    /// <summary>e^x.</summary>
    internal readonly struct Exp : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => LaneMath.Exp(x);
    }

    /// <summary>ln x.</summary>
    internal readonly struct Log : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => LaneMath.Log(x);
    }

    /// <summary>square root.</summary>
    internal readonly struct Sqrt : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Sqrt(x);
    }

    /// <summary>1 / square root.</summary>
    internal readonly struct Rsqrt : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Splat(1f) / T.Sqrt(x);
    }

    /// <summary>1 / x.</summary>
    internal readonly struct Reciprocal : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Splat(1f) / x;
    }

    /// <summary>x^2.</summary>
    internal readonly struct Square : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => x * x;
    }

    /// <summary>tanh x.</summary>
    internal readonly struct Tanh : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => LaneMath.Tanh(x);
    }

    /// <summary>erf x.</summary>
    internal readonly struct Erf : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => LaneMath.Erf(x);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    internal readonly struct Sigmoid : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Splat(1f) / (T.Splat(1f) + LaneMath.Exp(T.Zero - x));
    }

    /// <summary>x sigmoid(x).</summary>
    internal readonly struct Silu : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => x / (T.Splat(1f) + LaneMath.Exp(T.Zero - x));
    }

    /// <summary>max(0, x), NaN kept.</summary>
    internal readonly struct Relu : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Max(T.Zero, x);
    }

    /// <summary>x.</summary>
    internal readonly struct Copy : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => x;
    }

    /// <summary>alpha x.</summary>
    internal readonly struct Scale(float alpha) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => x * T.Splat(alpha);
    }

    /// <summary>x + beta.</summary>
    internal readonly struct Shift(float beta) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => x + T.Splat(beta);
    }

    /// <summary>alpha x + beta, one rounding.</summary>
    internal readonly struct ScaleShift(float alpha, float beta) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Fma(x, T.Splat(alpha), T.Splat(beta));
    }

    /// <summary>alpha - x.</summary>
    internal readonly struct SubtractFrom(float alpha) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Splat(alpha) - x;
    }

    /// <summary>alpha / x.</summary>
    internal readonly struct DivideInto(float alpha) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Splat(alpha) / x;
    }

    /// <summary>x / alpha.</summary>
    internal readonly struct DivideBy(float alpha) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => x / T.Splat(alpha);
    }

    /// <summary>x held between low and high, NaN kept.</summary>
    internal readonly struct Clamp(float low, float high) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Min(T.Splat(high), T.Max(T.Splat(low), x));
    }

    /// <summary>a + b.</summary>
    internal readonly struct Add : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => a + b;
    }

    /// <summary>a - b.</summary>
    internal readonly struct Subtract : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => a - b;
    }

    /// <summary>a b.</summary>
    internal readonly struct Multiply : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => a * b;
    }

    /// <summary>a / b.</summary>
    internal readonly struct Divide : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => a / b;
    }

    /// <summary>alpha a + b, one rounding.</summary>
    internal readonly struct Axpy(float alpha) : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => T.Fma(T.Splat(alpha), a, b);
    }

    /// <summary>the larger, NaN where either is.</summary>
    internal readonly struct Maximum : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => T.Select(T.Same(b, b), T.Max(b, a), b);
    }

    /// <summary>the smaller, NaN where either is.</summary>
    internal readonly struct Minimum : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => T.Select(T.Same(b, b), T.Min(b, a), b);
    }

    /// <summary>a the input (or output) of relu, b the gradient of its output.</summary>
    internal readonly struct ReluGrad : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => T.Select(T.Greater(a, T.Zero), b, T.Zero);
    }

    /// <summary>a the output of tanh, b its gradient.</summary>
    internal readonly struct TanhGrad : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => b * (T.Splat(1f) - (a * a));
    }

    /// <summary>a the output of sigmoid, b its gradient.</summary>
    internal readonly struct SigmoidGrad : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => b * (a * (T.Splat(1f) - a));
    }

    /// <summary>a the input of silu, b the gradient of its output.</summary>
    internal readonly struct SiluGrad : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b)
            where T : unmanaged, ILanes<T> => SiluGradOf(a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SiluGradOf<T>(T x, T gradient)
        where T : unmanaged, ILanes<T>
    {
        var s = T.Splat(1f) / (T.Splat(1f) + LaneMath.Exp(T.Zero - x));
        return gradient * (s * (T.Splat(1f) + (x * (T.Splat(1f) - s))));
    }
}
