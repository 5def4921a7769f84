using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Rounding, and the parts of a float: exponent and significand.</summary>
internal unsafe partial struct Lanes128
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Round(Lanes128 value)
    {
        Lanes128 r;
        r._a = Vector128.Round(value._a);
        r._b = Vector128.Round(value._b);
        r._c = Vector128.Round(value._c);
        r._d = Vector128.Round(value._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Scale(Lanes128 value, Lanes128 n)
    {
        Lanes128 r;
        r._a = Scale(value._a, n._a);
        r._b = Scale(value._b, n._b);
        r._c = Scale(value._c, n._c);
        r._d = Scale(value._d, n._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Exponent(Lanes128 value)
    {
        Lanes128 r;
        r._a = Exponent(value._a);
        r._b = Exponent(value._b);
        r._c = Exponent(value._c);
        r._d = Exponent(value._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Significand(Lanes128 value)
    {
        Lanes128 r;
        r._a = Significand(value._a);
        r._b = Significand(value._b);
        r._c = Significand(value._c);
        r._d = Significand(value._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scale(Vector128<float> value, Vector128<float> n)
    {
        // Two powers of two, so that results below the normal range are rounded once, by the last product.
        var exponent = Vector128.ConvertToInt32(n);
        var first = Vector128.ShiftRightArithmetic(exponent, 1);
        return value * Power(first) * Power(exponent - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Power(Vector128<int> n) => Vector128.ShiftLeft(n + Vector128.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Exponent(Vector128<float> value) =>
        Vector128.ConvertToSingle(Vector128.ShiftRightLogical(value.AsInt32(), 23) - Vector128.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Significand(Vector128<float> value) =>
        ((value.AsInt32() & Vector128.Create(0x007FFFFF)) | Vector128.Create(0x3F800000)).AsSingle();
}
