using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Comparisons, and what is chosen by them.</summary>
internal unsafe partial struct Lanes512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Greater(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = Vector512.GreaterThan(a._v, b._v);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Same(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = Vector512.Equals(a._v, b._v);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 yes, Lanes512 no)
    {
        Lanes512 r;
        r._v = Vector512.ConditionalSelect(mask._v, yes._v, no._v);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 And(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = a._v & b._v;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Or(Lanes512 a, Lanes512 b)
    {
        Lanes512 r;
        r._v = a._v | b._v;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 First(int count)
    {
        Lanes512 r;
        r._v = FirstLanes(count);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SignBits(Lanes512 value) => (uint)value._v.ExtractMostSignificantBits();
}
