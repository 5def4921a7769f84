using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Comparisons, and what is chosen by them.</summary>
internal unsafe partial struct Lanes128
{
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
    public static uint SignBits(Lanes128 value) =>
        value._a.ExtractMostSignificantBits() | (value._b.ExtractMostSignificantBits() << 4) | (value._c.ExtractMostSignificantBits() << 8) | (value._d.ExtractMostSignificantBits() << 12);
}
