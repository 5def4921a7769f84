using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Polynomials by Horner's rule, each step fused.</summary>
internal unsafe partial struct Lanes256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Horner(Lanes256 x, float c3, float c2, float c1, float c0)
    {
        Lanes256 r;
        var a = Vector256.Create(c3);
        var b = Vector256.Create(c3);
        var c2s = Vector256.Create(c2);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c2s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c2s);
        var c1s = Vector256.Create(c1);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c1s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c1s);
        var c0s = Vector256.Create(c0);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c0s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c0s);
        r._a = a;
        r._b = b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Horner(Lanes256 x, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes256 r;
        var a = Vector256.Create(c5);
        var b = Vector256.Create(c5);
        var c4s = Vector256.Create(c4);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c4s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c4s);
        var c3s = Vector256.Create(c3);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c3s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c3s);
        var c2s = Vector256.Create(c2);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c2s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c2s);
        var c1s = Vector256.Create(c1);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c1s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c1s);
        var c0s = Vector256.Create(c0);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c0s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c0s);
        r._a = a;
        r._b = b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Horner(Lanes256 x, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes256 r;
        var a = Vector256.Create(c6);
        var b = Vector256.Create(c6);
        var c5s = Vector256.Create(c5);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c5s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c5s);
        var c4s = Vector256.Create(c4);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c4s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c4s);
        var c3s = Vector256.Create(c3);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c3s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c3s);
        var c2s = Vector256.Create(c2);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c2s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c2s);
        var c1s = Vector256.Create(c1);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c1s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c1s);
        var c0s = Vector256.Create(c0);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c0s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c0s);
        r._a = a;
        r._b = b;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Horner(Lanes256 x, float c8, float c7, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
    {
        Lanes256 r;
        var a = Vector256.Create(c8);
        var b = Vector256.Create(c8);
        var c7s = Vector256.Create(c7);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c7s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c7s);
        var c6s = Vector256.Create(c6);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c6s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c6s);
        var c5s = Vector256.Create(c5);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c5s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c5s);
        var c4s = Vector256.Create(c4);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c4s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c4s);
        var c3s = Vector256.Create(c3);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c3s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c3s);
        var c2s = Vector256.Create(c2);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c2s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c2s);
        var c1s = Vector256.Create(c1);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c1s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c1s);
        var c0s = Vector256.Create(c0);
        a = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, x._a, c0s);
        b = System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(b, x._b, c0s);
        r._a = a;
        r._b = b;
        return r;
    }
}
