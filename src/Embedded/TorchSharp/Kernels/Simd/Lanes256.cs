using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Sixteen lanes in two AVX registers.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> a, Vector256<float> b) : ILanes<Lanes256>
{
    private readonly Vector256<float> _a = a;
    private readonly Vector256<float> _b = b;

    public static Lanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) =>
        new(a._a + b._a, a._b + b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) =>
        new(a._a - b._a, a._b - b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) =>
        new(a._a * b._a, a._b * b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) =>
        new(a._a / b._a, a._b / b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Splat(float value)
    {
        var v = Vector256.Create(value);
        return new(v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) =>
        new(Vector256.Load(source), Vector256.Load(source + 8));

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
    public static Lanes256 Fma(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a._a, b._a, c._a), System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a._b, b._b, c._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) =>
        new(Avx.Max(a._a, b._a), Avx.Max(a._b, b._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) =>
        new(Avx.Min(a._a, b._a), Avx.Min(a._b, b._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) =>
        new(Vector256.Sqrt(value._a), Vector256.Sqrt(value._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 value) =>
        new(Vector256.Round(value._a), Vector256.Round(value._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale(Lanes256 value, Lanes256 n) =>
        new(Scale(value._a, n._a), Scale(value._b, n._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Exponent(Lanes256 value) =>
        new(Exponent(value._a), Exponent(value._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Significand(Lanes256 value) =>
        new(Significand(value._a), Significand(value._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Greater(Lanes256 a, Lanes256 b) =>
        new(Vector256.GreaterThan(a._a, b._a), Vector256.GreaterThan(a._b, b._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Same(Lanes256 a, Lanes256 b) =>
        new(Vector256.Equals(a._a, b._a), Vector256.Equals(a._b, b._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 yes, Lanes256 no) =>
        new(Vector256.ConditionalSelect(mask._a, yes._a, no._a), Vector256.ConditionalSelect(mask._b, yes._b, no._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 And(Lanes256 a, Lanes256 b) =>
        new(a._a & b._a, a._b & b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Or(Lanes256 a, Lanes256 b) =>
        new(a._a | b._a, a._b | b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 First(int count) =>
        new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle(), Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count - 8)).AsSingle());

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
    private static Vector256<float> Scale(Vector256<float> value, Vector256<float> n)
    {
        // Two powers of two, so that results below the normal range are rounded once, by the last product.
        var exponent = Vector256.ConvertToInt32(n);
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
