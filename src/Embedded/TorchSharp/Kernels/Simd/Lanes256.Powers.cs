using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Rounding, and the parts of a float: exponent and significand.</summary>
internal unsafe partial struct Lanes256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 value)
    {
        Lanes256 r;
        r._a = Vector256.Round(value._a);
        r._b = Vector256.Round(value._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale(Lanes256 value, Lanes256 n)
    {
        Lanes256 r;
        r._a = Scale(value._a, n._a);
        r._b = Scale(value._b, n._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Exponent(Lanes256 value)
    {
        Lanes256 r;
        r._a = Exponent(value._a);
        r._b = Exponent(value._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Significand(Lanes256 value)
    {
        Lanes256 r;
        r._a = Significand(value._a);
        r._b = Significand(value._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Scale(Vector256<float> value, Vector256<float> n)
    {
        // Two powers of two, so that results below the normal range are rounded once, by the last product.
        var exponent = Avx.ConvertToVector256Int32(n);
        var first = Vector256.ShiftRightArithmetic(exponent, 1);
        return value * Power(first) * Power(exponent - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Power(Vector256<int> n) => Vector256.ShiftLeft(n + Vector256.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exponent(Vector256<float> value) =>
        Vector256.ConvertToSingle(Vector256.ShiftRightLogical(value.AsInt32(), 23) - Vector256.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Significand(Vector256<float> value) =>
        ((value.AsInt32() & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F800000)).AsSingle();
}
