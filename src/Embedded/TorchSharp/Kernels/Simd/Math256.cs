using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// <see cref="LaneMath"/>'s exp and erf over one AVX register, written in intrinsics for the reason of <see cref="Math512"/>:
/// the same operations in the same order, so the same bits.
/// </summary>
internal static class Math256
{
    /// <summary>e^x, eight times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Exp(Vector256<float> x)
    {
        x = Avx.Min(Vector256.Create(100f), Avx.Max(Vector256.Create(-110f), x)); // NaN is the second operand: kept
        var n = Avx.RoundToNearestInteger(x * Vector256.Create(LaneMath.Log2E));
        return Lanes256.Scale(ExpM1Reduced(x, n) + Vector256.Create(1f), n);
    }

    /// <summary>erf x, eight times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Erf(Vector256<float> x)
    {
        var sign = x & Vector256.Create(-0f);
        var y = Avx.Min(Vector256.Create(4.1f), x & Vector256.Create(0x7FFFFFFF).AsSingle()); // erf 4.1 rounds to 1
        var u = y * y;

        var p = Fma.MultiplyAdd(Vector256.Create(7.882497448e-5f), u, Vector256.Create(-8.018855006e-4f));
        p = Fma.MultiplyAdd(p, u, Vector256.Create(5.189312156e-3f));
        p = Fma.MultiplyAdd(p, u, Vector256.Create(-2.685432881e-2f));
        p = Fma.MultiplyAdd(p, u, Vector256.Create(0.1128359735f));
        p = Fma.MultiplyAdd(p, u, Vector256.Create(-0.3761262596f));
        p = Fma.MultiplyAdd(p, u, Vector256.Create(1.1283791065f)) * y;

        var q = Fma.MultiplyAdd(Vector256.Create(-1.5714821302e-6f), y, Vector256.Create(4.4762862672e-5f));
        q = Fma.MultiplyAdd(q, y, Vector256.Create(-5.8591330890e-4f));
        q = Fma.MultiplyAdd(q, y, Vector256.Create(4.7086793929e-3f));
        q = Fma.MultiplyAdd(q, y, Vector256.Create(-2.6276718825e-2f));
        q = Fma.MultiplyAdd(q, y, Vector256.Create(0.1098260656f));
        q = Fma.MultiplyAdd(q, y, Vector256.Create(0.6320961714f));
        q = Fma.MultiplyAdd(q, y, Vector256.Create(1.1300748587f));
        q = Fma.MultiplyAdd(q, y, Vector256.Create(-2.8081049095e-4f));
        var far = Vector256.Create(1f) - Exp(Vector256<float>.Zero - q);

        var value = Vector256.ConditionalSelect(Vector256.GreaterThan(y, Vector256.Create(1f)), far, p);
        var saturated = Avx.Min(Vector256.Create(1f), y); // far out 1; NaN stays
        value = Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Create(4.05f), y), value, saturated);
        return value | sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ExpM1Reduced(Vector256<float> x, Vector256<float> n)
    {
        var r = Fma.MultiplyAdd(n, Vector256.Create(-LaneMath.Ln2High), x);
        r = Fma.MultiplyAdd(n, Vector256.Create(-LaneMath.Ln2Low), r);
        var p = Fma.MultiplyAdd(Vector256.Create(1.989927841e-4f), r, Vector256.Create(1.393364510e-3f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(8.333298378e-3f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(4.166646674e-2f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(0.1666666716f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(0.5f));
        return Fma.MultiplyAdd(p, r * r, r);
    }
}
