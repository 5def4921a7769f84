using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Polynomials by Horner's rule, each step fused.</summary>
internal unsafe partial struct Lanes128
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Horner(Lanes128 x, float c3, float c2, float c1, float c0)
    {
        Lanes128 r;
        var a = Vector128.Create(c3);
        var b = Vector128.Create(c3);
        var c = Vector128.Create(c3);
        var d = Vector128.Create(c3);
        var c2s = Vector128.Create(c2);
        a = Vector128.FusedMultiplyAdd(a, x._a, c2s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c2s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c2s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c2s);
        var c1s = Vector128.Create(c1);
        a = Vector128.FusedMultiplyAdd(a, x._a, c1s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c1s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c1s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c1s);
        var c0s = Vector128.Create(c0);
        a = Vector128.FusedMultiplyAdd(a, x._a, c0s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c0s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c0s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c0s);
        r._a = a;
        r._b = b;
        r._c = c;
        r._d = d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Horner(Lanes128 x, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes128 r;
        var a = Vector128.Create(c5);
        var b = Vector128.Create(c5);
        var c = Vector128.Create(c5);
        var d = Vector128.Create(c5);
        var c4s = Vector128.Create(c4);
        a = Vector128.FusedMultiplyAdd(a, x._a, c4s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c4s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c4s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c4s);
        var c3s = Vector128.Create(c3);
        a = Vector128.FusedMultiplyAdd(a, x._a, c3s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c3s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c3s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c3s);
        var c2s = Vector128.Create(c2);
        a = Vector128.FusedMultiplyAdd(a, x._a, c2s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c2s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c2s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c2s);
        var c1s = Vector128.Create(c1);
        a = Vector128.FusedMultiplyAdd(a, x._a, c1s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c1s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c1s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c1s);
        var c0s = Vector128.Create(c0);
        a = Vector128.FusedMultiplyAdd(a, x._a, c0s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c0s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c0s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c0s);
        r._a = a;
        r._b = b;
        r._c = c;
        r._d = d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Horner(Lanes128 x, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes128 r;
        var a = Vector128.Create(c6);
        var b = Vector128.Create(c6);
        var c = Vector128.Create(c6);
        var d = Vector128.Create(c6);
        var c5s = Vector128.Create(c5);
        a = Vector128.FusedMultiplyAdd(a, x._a, c5s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c5s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c5s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c5s);
        var c4s = Vector128.Create(c4);
        a = Vector128.FusedMultiplyAdd(a, x._a, c4s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c4s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c4s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c4s);
        var c3s = Vector128.Create(c3);
        a = Vector128.FusedMultiplyAdd(a, x._a, c3s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c3s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c3s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c3s);
        var c2s = Vector128.Create(c2);
        a = Vector128.FusedMultiplyAdd(a, x._a, c2s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c2s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c2s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c2s);
        var c1s = Vector128.Create(c1);
        a = Vector128.FusedMultiplyAdd(a, x._a, c1s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c1s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c1s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c1s);
        var c0s = Vector128.Create(c0);
        a = Vector128.FusedMultiplyAdd(a, x._a, c0s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c0s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c0s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c0s);
        r._a = a;
        r._b = b;
        r._c = c;
        r._d = d;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Horner(Lanes128 x, float c8, float c7, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes128 r;
        var a = Vector128.Create(c8);
        var b = Vector128.Create(c8);
        var c = Vector128.Create(c8);
        var d = Vector128.Create(c8);
        var c7s = Vector128.Create(c7);
        a = Vector128.FusedMultiplyAdd(a, x._a, c7s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c7s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c7s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c7s);
        var c6s = Vector128.Create(c6);
        a = Vector128.FusedMultiplyAdd(a, x._a, c6s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c6s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c6s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c6s);
        var c5s = Vector128.Create(c5);
        a = Vector128.FusedMultiplyAdd(a, x._a, c5s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c5s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c5s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c5s);
        var c4s = Vector128.Create(c4);
        a = Vector128.FusedMultiplyAdd(a, x._a, c4s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c4s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c4s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c4s);
        var c3s = Vector128.Create(c3);
        a = Vector128.FusedMultiplyAdd(a, x._a, c3s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c3s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c3s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c3s);
        var c2s = Vector128.Create(c2);
        a = Vector128.FusedMultiplyAdd(a, x._a, c2s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c2s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c2s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c2s);
        var c1s = Vector128.Create(c1);
        a = Vector128.FusedMultiplyAdd(a, x._a, c1s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c1s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c1s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c1s);
        var c0s = Vector128.Create(c0);
        a = Vector128.FusedMultiplyAdd(a, x._a, c0s);
        b = Vector128.FusedMultiplyAdd(b, x._b, c0s);
        c = Vector128.FusedMultiplyAdd(c, x._c, c0s);
        d = Vector128.FusedMultiplyAdd(d, x._d, c0s);
        r._a = a;
        r._b = b;
        r._c = c;
        r._d = d;
        return r;
    }
}
