using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Sixteen lanes in two AVX registers.</summary>
internal unsafe struct Lanes256 : ILanes<Lanes256>
{
    private Vector256<float> _a;
    private Vector256<float> _b;

    public static Lanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = a._a + b._a;
        r._b = a._b + b._b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = a._a - b._a;
        r._b = a._b - b._b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = a._a * b._a;
        r._b = a._b * b._b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = a._a / b._a;
        r._b = a._b / b._b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Splat(float value)
    {
        Lanes256 r;
        var v = Vector256.Create(value);
        r._a = v;
        r._b = v;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source)
    {
        Lanes256 r;
        r._a = Vector256.Load(source);
        r._b = Vector256.Load(source + 8);
        return r;
    }

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Lanes256 Exp(Lanes256 x)
    {
        Lanes256 r;
        r._a = Math256.Exp(x._a);
        r._b = Math256.Exp(x._b);
        return r;
    }

    /// <summary>erf x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Lanes256 Erf(Lanes256 x)
    {
        Lanes256 r;
        r._a = Math256.Erf(x._a);
        r._b = Math256.Erf(x._b);
        return r;
    }

    public static Lanes256 LoadPartial(float* source, int count, float fill)
    {
        var lanes = stackalloc float[16];
        for (int i = 0; i < 16; i++)
            lanes[i] = i < count ? source[i] : fill;
        return Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* target)
    {
        value._a.Store(target);
        value._b.Store(target + 8);
    }

    public static void StorePartial(Lanes256 value, float* target, int count)
    {
        var lanes = stackalloc float[16];
        Store(value, lanes);
        for (int i = 0; i < count; i++)
            target[i] = lanes[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Fma(Lanes256 a, Lanes256 b, Lanes256 c)
    {
        Lanes256 r;
        r._a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a._a, b._a, c._a);
        r._b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a._b, b._b, c._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = Avx.Max(a._a, b._a);
        r._b = Avx.Max(a._b, b._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = Avx.Min(a._a, b._a);
        r._b = Avx.Min(a._b, b._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value)
    {
        Lanes256 r;
        r._a = Vector256.Sqrt(value._a);
        r._b = Vector256.Sqrt(value._b);
        return r;
    }

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
    public static Lanes256 Greater(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = Vector256.GreaterThan(a._a, b._a);
        r._b = Vector256.GreaterThan(a._b, b._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Same(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = Vector256.Equals(a._a, b._a);
        r._b = Vector256.Equals(a._b, b._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 yes, Lanes256 no)
    {
        Lanes256 r;
        r._a = Vector256.ConditionalSelect(mask._a, yes._a, no._a);
        r._b = Vector256.ConditionalSelect(mask._b, yes._b, no._b);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 And(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = a._a & b._a;
        r._b = a._b & b._b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Or(Lanes256 a, Lanes256 b)
    {
        Lanes256 r;
        r._a = a._a | b._a;
        r._b = a._b | b._b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 First(int count)
    {
        Lanes256 r;
        r._a = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
        r._b = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count - 8)).AsSingle();
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Horner(Lanes256 x, float c3, float c2, float c1, float c0)
    {
        Lanes256 r;
        var a = Vector256.Create(c3);
        var b = Vector256.Create(c3);
        var c2s = Vector256.Create(c2);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c2s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c2s);
        var c1s = Vector256.Create(c1);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c1s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c1s);
        var c0s = Vector256.Create(c0);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c0s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c0s);
        r._a = a;
        r._b = b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Horner(Lanes256 x, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes256 r;
        var a = Vector256.Create(c5);
        var b = Vector256.Create(c5);
        var c4s = Vector256.Create(c4);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c4s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c4s);
        var c3s = Vector256.Create(c3);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c3s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c3s);
        var c2s = Vector256.Create(c2);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c2s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c2s);
        var c1s = Vector256.Create(c1);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c1s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c1s);
        var c0s = Vector256.Create(c0);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c0s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c0s);
        r._a = a;
        r._b = b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Horner(Lanes256 x, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes256 r;
        var a = Vector256.Create(c6);
        var b = Vector256.Create(c6);
        var c5s = Vector256.Create(c5);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c5s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c5s);
        var c4s = Vector256.Create(c4);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c4s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c4s);
        var c3s = Vector256.Create(c3);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c3s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c3s);
        var c2s = Vector256.Create(c2);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c2s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c2s);
        var c1s = Vector256.Create(c1);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c1s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c1s);
        var c0s = Vector256.Create(c0);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c0s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c0s);
        r._a = a;
        r._b = b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Horner(Lanes256 x, float c8, float c7, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes256 r;
        var a = Vector256.Create(c8);
        var b = Vector256.Create(c8);
        var c7s = Vector256.Create(c7);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c7s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c7s);
        var c6s = Vector256.Create(c6);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c6s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c6s);
        var c5s = Vector256.Create(c5);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c5s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c5s);
        var c4s = Vector256.Create(c4);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c4s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c4s);
        var c3s = Vector256.Create(c3);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c3s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c3s);
        var c2s = Vector256.Create(c2);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c2s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c2s);
        var c1s = Vector256.Create(c1);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c1s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c1s);
        var c0s = Vector256.Create(c0);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c0s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c0s);
        r._a = a;
        r._b = b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SignBits(Lanes256 value) =>
        value._a.ExtractMostSignificantBits() | (value._b.ExtractMostSignificantBits() << 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 value)
    {
        var v = value._a + value._b;
        return Lanes128.SumOf(v.GetLower() + v.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(Lanes256 value)
    {
        var v = Avx.Max(value._a, value._b);
        return Lanes128.MaxOf(Sse.Max(v.GetLower(), v.GetUpper()));
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
