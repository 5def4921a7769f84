using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Rounding, and the parts of a float: exponent and significand.</summary>
internal unsafe partial struct Lanes512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 value)
    {
        Lanes512 r;
        r._v = Avx512F.RoundScale(value._v, 0);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale(Lanes512 value, Lanes512 n)
    {
        Lanes512 r;
        r._v = Avx512F.Scale(value._v, n._v);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Exponent(Lanes512 value)
    {
        Lanes512 r;
        r._v = Avx512F.GetExponent(value._v);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Significand(Lanes512 value)
    {
        Lanes512 r;
        r._v = Avx512F.GetMantissa(value._v, 0);
        return r;
    }
}
