using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Sixteen lanes in two AVX registers.</summary>
internal unsafe partial struct Lanes256 : ILanes<Lanes256>
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadPartial(float* source, int count, float fill)
    {
        var mask = First(count);
        var rest = Vector256.Create(fill);
        Lanes256 r;
        r._a = Vector256.ConditionalSelect(mask._a, Avx.MaskLoad(source, mask._a), rest);
        r._b = Vector256.ConditionalSelect(mask._b, Avx.MaskLoad(source + 8, mask._b), rest);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* target)
    {
        value._a.Store(target);
        value._b.Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes256 value, float* target, int count)
    {
        var mask = First(count);
        Avx.MaskStore(target, mask._a, value._a);
        if (count > 8)
            Avx.MaskStore(target + 8, mask._b, value._b);
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
}
