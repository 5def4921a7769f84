using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Comparisons, and what is chosen by them.</summary>
internal unsafe partial struct Lanes256
{
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
    public static uint SignBits(Lanes256 value) =>
        value._a.ExtractMostSignificantBits() | (value._b.ExtractMostSignificantBits() << 8);
}
