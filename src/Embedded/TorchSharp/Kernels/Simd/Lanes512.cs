using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Sixteen lanes in one AVX-512 register.</summary>
internal unsafe partial struct Lanes512 : ILanes<Lanes512>
{
    private Vector512<float> _v;

    public static Lanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = a._v + b._v;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = a._v - b._v;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = a._v * b._v;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = a._v / b._v;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Splat(float value)
    {
        Lanes512 r;
        r._v = Vector512.Create(value);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source)
    {
        Lanes512 r;
        r._v = Vector512.Load(source);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadPartial(float* source, int count, float fill)
    {
        Lanes512 r;
        r._v = Avx512F.MaskLoad(source, FirstLanes(count), Vector512.Create(fill));
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, float* target) => value._v.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes512 value, float* target, int count) => Avx512F.MaskStore(target, FirstLanes(count), value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Fma(Lanes512 a, Lanes512 b, Lanes512 c)
    {
        Lanes512 r;
        r._v = Avx512F.FusedMultiplyAdd(a._v, b._v, c._v);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = Avx512F.Max(a._v, b._v);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = Avx512F.Min(a._v, b._v);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 value)
    {
        Lanes512 r;
        r._v = Avx512F.Sqrt(value._v);
        return r;
    }

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
