using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Elementary functions over sixteen lanes, the same bits in every lane position and on every machine.</summary>
internal static class LaneMath
{
    internal const float Log2E = 1.44269504f;
    internal const float Ln2High = 0.693359375f; // nine bits: n * Ln2High is exact
    internal const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x to about 1 ulp; 0 below -104, denormals kept, infinity above 88.7, NaN kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Exp<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        if (typeof(T) == typeof(Lanes512)) return Unsafe.BitCast<Vector512<float>, T>(Math512.Exp(Unsafe.BitCast<T, Vector512<float>>(x)));
        if (typeof(T) == typeof(Lanes256)) return Unsafe.BitCast<Lanes256, T>(Lanes256.Exp(Unsafe.BitCast<T, Lanes256>(x)));
        x = T.Min(T.Splat(100f), T.Max(T.Splat(-110f), x)); // NaN is the second operand: kept
        var n = T.Round(x * T.Splat(Log2E));
        var p = ExpM1Reduced(x, n);
        return T.Scale(p + T.Splat(1f), n);
    }

    /// <summary>tanh x to about 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Tanh<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        // With m = e^(2|x|) - 1: tanh |x| = m / (m + 2).
        var sign = T.And(x, T.Splat(-0f));
        var y = T.And(x, Magnitude<T>());
        y = T.Min(T.Splat(20f), y + y);
        var n = T.Round(y * T.Splat(Log2E));
        var p = ExpM1Reduced(y, n);
        var power = T.Scale(T.Splat(1f), n);
        var m = T.Fma(power, p, power - T.Splat(1f));
        return T.Or(m / (m + T.Splat(2f)), sign);
    }

    /// <summary>erf x to 1e-7 absolute and about 2 ulp near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Erf<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        if (typeof(T) == typeof(Lanes512)) return Unsafe.BitCast<Vector512<float>, T>(Math512.Erf(Unsafe.BitCast<T, Vector512<float>>(x)));
        if (typeof(T) == typeof(Lanes256)) return Unsafe.BitCast<Lanes256, T>(Lanes256.Erf(Unsafe.BitCast<T, Lanes256>(x)));
        var sign = T.And(x, T.Splat(-0f));
        var y = T.Min(T.Splat(4.1f), T.And(x, Magnitude<T>())); // erf 4.1 rounds to 1
        var u = y * y;

        // Up to 1: y P(y^2). Beyond: 1 - e^-Q(y). Chebyshev fits.
        var p = T.Horner(u, 7.882497448e-5f, -8.018855006e-4f, 5.189312156e-3f, -2.685432881e-2f, 0.1128359735f, -0.3761262596f, 1.1283791065f) * y;
        var q = T.Horner(y, -1.5714821302e-6f, 4.4762862672e-5f, -5.8591330890e-4f, 4.7086793929e-3f, -2.6276718825e-2f, 0.1098260656f, 0.6320961714f, 1.1300748587f, -2.8081049095e-4f);
        var far = T.Splat(1f) - Exp(T.Zero - q);

        var value = T.Select(T.Greater(y, T.Splat(1f)), far, p);
        value = T.Select(T.Greater(T.Splat(4.05f), y), value, T.Min(T.Splat(1f), y)); // far out 1; NaN stays
        return T.Or(value, sign);
    }

    /// <summary>ln x to about 1 ulp; -infinity at 0, NaN below, denormals right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var tiny = T.Greater(T.Splat(1.17549435e-38f), x);
        var y = T.Select(tiny, x * T.Splat(8388608f), x); // 2^23
        var e = T.Exponent(y);
        e = T.Select(tiny, e - T.Splat(23f), e);
        var m = T.Significand(y);
        var high = T.Greater(m, T.Splat(1.41421354f));
        m = T.Select(high, m * T.Splat(0.5f), m);
        e = T.Select(high, e + T.Splat(1f), e);

        // ln m = 2 atanh s = f - s (f - s^2 R) - ..., written as f - (f s - s^3 R) with f = m - 1, s = f / (2 + f).
        var f = m - T.Splat(1f);
        var s = f / (f + T.Splat(2f));
        var u = s * s;
        var r = T.Horner(u, 0.2333765030f, 0.2855049372f, 0.4000012577f, 0.6666666865f) * u;
        var low = T.Fma(e, T.Splat(Ln2Low), s * (r - f));
        var value = T.Fma(e, T.Splat(Ln2High), f + low);

        value = T.Select(T.Greater(x, T.Splat(float.MaxValue)), x, value);
        value = T.Select(T.Same(x, T.Zero), T.Splat(float.NegativeInfinity), value);
        value = T.Select(T.Greater(T.Zero, x), T.Splat(float.NaN), value);
        return T.Select(T.Same(x, x), value, x);
    }

    /// <summary>The mask that clears the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Magnitude<T>()
        where T : unmanaged, ILanes<T> => T.Splat(BitConverter.Int32BitsToSingle(0x7FFFFFFF));

    // e^r - 1 for r = x - n ln 2, |r| <= ln 2 / 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpM1Reduced<T>(T x, T n)
        where T : unmanaged, ILanes<T>
    {
        var r = T.Fma(n, T.Splat(-Ln2High), x);
        r = T.Fma(n, T.Splat(-Ln2Low), r);
        var p = T.Horner(r, 1.989927841e-4f, 1.393364510e-3f, 8.333298378e-3f, 4.166646674e-2f, 0.1666666716f, 0.5f);
        return T.Fma(p, r * r, r);
    }
}
