using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Sixteen lanes in four 128-bit vectors of any platform.</summary>
internal unsafe partial struct Lanes128 : ILanes<Lanes128>
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
}
