using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Sixteen lanes in one AVX-512 register.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> v) : ILanes<Lanes512>
{
    private readonly Vector512<float> _v = v;

    public static Lanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Splat(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadPartial(float* source, int count, float fill) => new(Avx512F.MaskLoad(source, FirstLanes(count), Vector512.Create(fill)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, float* target) => value._v.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes512 value, float* target, int count) => Avx512F.MaskStore(target, FirstLanes(count), value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Fma(Lanes512 a, Lanes512 b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Avx512F.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Avx512F.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 value) => new(Avx512F.Sqrt(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 value) => new(Avx512F.RoundScale(value._v, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale(Lanes512 value, Lanes512 n) => new(Avx512F.Scale(value._v, n._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Exponent(Lanes512 value) => new(Avx512F.GetExponent(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Significand(Lanes512 value) => new(Avx512F.GetMantissa(value._v, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Greater(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Same(Lanes512 a, Lanes512 b) => new(Vector512.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 yes, Lanes512 no) => new(Vector512.ConditionalSelect(mask._v, yes._v, no._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 And(Lanes512 a, Lanes512 b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Or(Lanes512 a, Lanes512 b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 First(int count) => new(FirstLanes(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SignBits(Lanes512 value) => (uint)value._v.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes512 value)
    {
        var v = value._v.GetLower() + value._v.GetUpper();
        return Lanes128.SumOf(v.GetLower() + v.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(Lanes512 value)
    {
        var v = Avx.Max(value._v.GetLower(), value._v.GetUpper());
        return Lanes128.MaxOf(Sse.Max(v.GetLower(), v.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FirstLanes(int count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
