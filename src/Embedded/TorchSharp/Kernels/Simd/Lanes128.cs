using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Sixteen lanes in four 128-bit vectors of any platform.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) : ILanes<Lanes128>
{
    private readonly Vector128<float> _a = a;
    private readonly Vector128<float> _b = b;
    private readonly Vector128<float> _c = c;
    private readonly Vector128<float> _d = d;

    public static Lanes128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 a, Lanes128 b) =>
        new(a._a + b._a, a._b + b._b, a._c + b._c, a._d + b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) =>
        new(a._a - b._a, a._b - b._b, a._c - b._c, a._d - b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) =>
        new(a._a * b._a, a._b * b._b, a._c * b._c, a._d * b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 a, Lanes128 b) =>
        new(a._a / b._a, a._b / b._b, a._c / b._c, a._d / b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Splat(float value)
    {
        var v = Vector128.Create(value);
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

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
    public static Lanes128 Fma(Lanes128 a, Lanes128 b, Lanes128 c) =>
        new(Vector128.FusedMultiplyAdd(a._a, b._a, c._a), Vector128.FusedMultiplyAdd(a._b, b._b, c._b), Vector128.FusedMultiplyAdd(a._c, b._c, c._c), Vector128.FusedMultiplyAdd(a._d, b._d, c._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) =>
        new(Larger(a._a, b._a), Larger(a._b, b._b), Larger(a._c, b._c), Larger(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b) =>
        new(Smaller(a._a, b._a), Smaller(a._b, b._b), Smaller(a._c, b._c), Smaller(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 value) =>
        new(Vector128.Sqrt(value._a), Vector128.Sqrt(value._b), Vector128.Sqrt(value._c), Vector128.Sqrt(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Round(Lanes128 value) =>
        new(Vector128.Round(value._a), Vector128.Round(value._b), Vector128.Round(value._c), Vector128.Round(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Scale(Lanes128 value, Lanes128 n) =>
        new(Scale(value._a, n._a), Scale(value._b, n._b), Scale(value._c, n._c), Scale(value._d, n._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Exponent(Lanes128 value) =>
        new(Exponent(value._a), Exponent(value._b), Exponent(value._c), Exponent(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Significand(Lanes128 value) =>
        new(Significand(value._a), Significand(value._b), Significand(value._c), Significand(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Greater(Lanes128 a, Lanes128 b) =>
        new(Vector128.GreaterThan(a._a, b._a), Vector128.GreaterThan(a._b, b._b), Vector128.GreaterThan(a._c, b._c), Vector128.GreaterThan(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Same(Lanes128 a, Lanes128 b) =>
        new(Vector128.Equals(a._a, b._a), Vector128.Equals(a._b, b._b), Vector128.Equals(a._c, b._c), Vector128.Equals(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 yes, Lanes128 no) =>
        new(Vector128.ConditionalSelect(mask._a, yes._a, no._a), Vector128.ConditionalSelect(mask._b, yes._b, no._b), Vector128.ConditionalSelect(mask._c, yes._c, no._c), Vector128.ConditionalSelect(mask._d, yes._d, no._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 And(Lanes128 a, Lanes128 b) =>
        new(a._a & b._a, a._b & b._b, a._c & b._c, a._d & b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Or(Lanes128 a, Lanes128 b) =>
        new(a._a | b._a, a._b | b._b, a._c | b._c, a._d | b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 First(int count) =>
        new(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle(), Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count - 4)).AsSingle(), Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count - 8)).AsSingle(), Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count - 12)).AsSingle());

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
