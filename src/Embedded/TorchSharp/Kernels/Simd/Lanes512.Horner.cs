using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Polynomials by Horner's rule, each step fused.</summary>
internal unsafe partial struct Lanes512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Horner(Lanes512 x, float c3, float c2, float c1, float c0)
    {
        Lanes512 r;
        var p = Vector512.Create(c3);
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c2));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c1));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c0));
        r._v = p;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Horner(Lanes512 x, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes512 r;
        var p = Vector512.Create(c5);
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c4));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c3));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c2));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c1));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c0));
        r._v = p;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Horner(Lanes512 x, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes512 r;
        var p = Vector512.Create(c6);
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c5));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c4));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c3));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c2));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c1));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c0));
        r._v = p;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Horner(Lanes512 x, float c8, float c7, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes512 r;
        var p = Vector512.Create(c8);
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c7));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c6));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c5));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c4));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c3));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c2));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c1));
        p = Avx512F.FusedMultiplyAdd(p, x._v, Vector512.Create(c0));
        r._v = p;
        return r;
    }
}
