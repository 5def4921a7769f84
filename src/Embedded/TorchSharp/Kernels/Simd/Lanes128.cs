using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Sixteen lanes in four 128-bit vectors of any platform.</summary>
internal unsafe struct Lanes128 : ILanes<Lanes128>
{
    private Vector128<float> _a;
    private Vector128<float> _b;
    private Vector128<float> _c;
    private Vector128<float> _d;

    public static Lanes128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = a._a + b._a;
        r._b = a._b + b._b;
        r._c = a._c + b._c;
        r._d = a._d + b._d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = a._a - b._a;
        r._b = a._b - b._b;
        r._c = a._c - b._c;
        r._d = a._d - b._d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = a._a * b._a;
        r._b = a._b * b._b;
        r._c = a._c * b._c;
        r._d = a._d * b._d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = a._a / b._a;
        r._b = a._b / b._b;
        r._c = a._c / b._c;
        r._d = a._d / b._d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Splat(float value)
    {
        Lanes128 r;
        var v = Vector128.Create(value);
        r._a = v;
        r._b = v;
        r._c = v;
        r._d = v;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source)
    {
        Lanes128 r;
        r._a = Vector128.Load(source);
        r._b = Vector128.Load(source + 4);
        r._c = Vector128.Load(source + 8);
        r._d = Vector128.Load(source + 12);
        return r;
    }

    public static Lanes128 LoadPartial(float* source, int count, float fill)
    {
        var lanes = stackalloc float[16];
        for (int i = 0; i < 16; i++)
            lanes[i] = i < count ? source[i] : fill;
        return Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, float* target)
    {
        value._a.Store(target);
        value._b.Store(target + 4);
        value._c.Store(target + 8);
        value._d.Store(target + 12);
    }

    public static void StorePartial(Lanes128 value, float* target, int count)
    {
        var lanes = stackalloc float[16];
        Store(value, lanes);
        for (int i = 0; i < count; i++)
            target[i] = lanes[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Fma(Lanes128 a, Lanes128 b, Lanes128 c)
    {
        Lanes128 r;
        r._a = Vector128.FusedMultiplyAdd(a._a, b._a, c._a);
        r._b = Vector128.FusedMultiplyAdd(a._b, b._b, c._b);
        r._c = Vector128.FusedMultiplyAdd(a._c, b._c, c._c);
        r._d = Vector128.FusedMultiplyAdd(a._d, b._d, c._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = Larger(a._a, b._a);
        r._b = Larger(a._b, b._b);
        r._c = Larger(a._c, b._c);
        r._d = Larger(a._d, b._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = Smaller(a._a, b._a);
        r._b = Smaller(a._b, b._b);
        r._c = Smaller(a._c, b._c);
        r._d = Smaller(a._d, b._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 value)
    {
        Lanes128 r;
        r._a = Vector128.Sqrt(value._a);
        r._b = Vector128.Sqrt(value._b);
        r._c = Vector128.Sqrt(value._c);
        r._d = Vector128.Sqrt(value._d);
        return r;
    }

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
    public static Lanes128 Greater(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = Vector128.GreaterThan(a._a, b._a);
        r._b = Vector128.GreaterThan(a._b, b._b);
        r._c = Vector128.GreaterThan(a._c, b._c);
        r._d = Vector128.GreaterThan(a._d, b._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Same(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = Vector128.Equals(a._a, b._a);
        r._b = Vector128.Equals(a._b, b._b);
        r._c = Vector128.Equals(a._c, b._c);
        r._d = Vector128.Equals(a._d, b._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 yes, Lanes128 no)
    {
        Lanes128 r;
        r._a = Vector128.ConditionalSelect(mask._a, yes._a, no._a);
        r._b = Vector128.ConditionalSelect(mask._b, yes._b, no._b);
        r._c = Vector128.ConditionalSelect(mask._c, yes._c, no._c);
        r._d = Vector128.ConditionalSelect(mask._d, yes._d, no._d);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 And(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = a._a & b._a;
        r._b = a._b & b._b;
        r._c = a._c & b._c;
        r._d = a._d & b._d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Or(Lanes128 a, Lanes128 b)
    {
        Lanes128 r;
        r._a = a._a | b._a;
        r._b = a._b | b._b;
        r._c = a._c | b._c;
        r._d = a._d | b._d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 First(int count)
    {
        Lanes128 r;
        r._a = Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();
        r._b = Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count - 4)).AsSingle();
        r._c = Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count - 8)).AsSingle();
        r._d = Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count - 12)).AsSingle();
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Horner(Lanes128 x, float c3, float c2, float c1, float c0)
    {
        Lanes128 r;
        var a = Vector128.Create(c3);
        var b = Vector128.Create(c3);
        var c = Vector128.Create(c3);
        var d = Vector128.Create(c3);
        var c2s = Vector128.Create(c2);
        a = Vector128.FusedMultiplyAdd(a, x._a, c2s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c2s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c2s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c2s);
        var c1s = Vector128.Create(c1);
        a = Vector128.FusedMultiplyAdd(a, x._a, c1s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c1s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c1s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c1s);
        var c0s = Vector128.Create(c0);
        a = Vector128.FusedMultiplyAdd(a, x._a, c0s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c0s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c0s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c0s);
        r._a = a;
        r._b = b;
        r._c = c;
        r._d = d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Horner(Lanes128 x, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes128 r;
        var a = Vector128.Create(c5);
        var b = Vector128.Create(c5);
        var c = Vector128.Create(c5);
        var d = Vector128.Create(c5);
        var c4s = Vector128.Create(c4);
        a = Vector128.FusedMultiplyAdd(a, x._a, c4s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c4s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c4s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c4s);
        var c3s = Vector128.Create(c3);
        a = Vector128.FusedMultiplyAdd(a, x._a, c3s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c3s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c3s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c3s);
        var c2s = Vector128.Create(c2);
        a = Vector128.FusedMultiplyAdd(a, x._a, c2s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c2s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c2s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c2s);
        var c1s = Vector128.Create(c1);
        a = Vector128.FusedMultiplyAdd(a, x._a, c1s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c1s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c1s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c1s);
        var c0s = Vector128.Create(c0);
        a = Vector128.FusedMultiplyAdd(a, x._a, c0s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c0s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c0s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c0s);
        r._a = a;
        r._b = b;
        r._c = c;
        r._d = d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Horner(Lanes128 x, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes128 r;
        var a = Vector128.Create(c6);
        var b = Vector128.Create(c6);
        var c = Vector128.Create(c6);
        var d = Vector128.Create(c6);
        var c5s = Vector128.Create(c5);
        a = Vector128.FusedMultiplyAdd(a, x._a, c5s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c5s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c5s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c5s);
        var c4s = Vector128.Create(c4);
        a = Vector128.FusedMultiplyAdd(a, x._a, c4s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c4s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c4s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c4s);
        var c3s = Vector128.Create(c3);
        a = Vector128.FusedMultiplyAdd(a, x._a, c3s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c3s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c3s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c3s);
        var c2s = Vector128.Create(c2);
        a = Vector128.FusedMultiplyAdd(a, x._a, c2s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c2s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c2s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c2s);
        var c1s = Vector128.Create(c1);
        a = Vector128.FusedMultiplyAdd(a, x._a, c1s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c1s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c1s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c1s);
        var c0s = Vector128.Create(c0);
        a = Vector128.FusedMultiplyAdd(a, x._a, c0s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c0s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c0s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c0s);
        r._a = a;
        r._b = b;
        r._c = c;
        r._d = d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Horner(Lanes128 x, float c8, float c7, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes128 r;
        var a = Vector128.Create(c8);
        var b = Vector128.Create(c8);
        var c = Vector128.Create(c8);
        var d = Vector128.Create(c8);
        var c7s = Vector128.Create(c7);
        a = Vector128.FusedMultiplyAdd(a, x._a, c7s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c7s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c7s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c7s);
        var c6s = Vector128.Create(c6);
        a = Vector128.FusedMultiplyAdd(a, x._a, c6s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c6s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c6s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c6s);
        var c5s = Vector128.Create(c5);
        a = Vector128.FusedMultiplyAdd(a, x._a, c5s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c5s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c5s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c5s);
        var c4s = Vector128.Create(c4);
        a = Vector128.FusedMultiplyAdd(a, x._a, c4s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c4s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c4s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c4s);
        var c3s = Vector128.Create(c3);
        a = Vector128.FusedMultiplyAdd(a, x._a, c3s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c3s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c3s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c3s);
        var c2s = Vector128.Create(c2);
        a = Vector128.FusedMultiplyAdd(a, x._a, c2s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c2s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c2s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c2s);
        var c1s = Vector128.Create(c1);
        a = Vector128.FusedMultiplyAdd(a, x._a, c1s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c1s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c1s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c1s);
        var c0s = Vector128.Create(c0);
        a = Vector128.FusedMultiplyAdd(a, x._a, c0s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c0s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c0s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c0s);
        r._a = a;
        r._b = b;
        r._c = c;
        r._d = d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SignBits(Lanes128 value) =>
        value._a.ExtractMostSignificantBits() | (value._b.ExtractMostSignificantBits() << 4) | (value._c.ExtractMostSignificantBits() << 8) | (value._d.ExtractMostSignificantBits() << 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 value) => SumOf((value._a + value._c) + (value._b + value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(Lanes128 value) =>
        MaxOf(Larger(Larger(value._a, value._c), Larger(value._b, value._d)));

    /// <summary>The last two levels of the tree: lanes i and i+2, then i+1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float SumOf(Vector128<float> v) => (v[0] + v[2]) + (v[1] + v[3]);

    /// <summary>The maximum of four lanes without NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float MaxOf(Vector128<float> v) => MathF.Max(MathF.Max(v[0], v[2]), MathF.Max(v[1], v[3]));

    // As maxps and minps: the second operand where either is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Larger(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Smaller(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);

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
