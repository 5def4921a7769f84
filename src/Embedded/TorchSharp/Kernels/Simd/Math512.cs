using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// <see cref="LaneMath"/>'s exp and erf over one AVX-512 register, written in intrinsics: through the generic lanes each of
/// their many small operations costs an inlining decision, and the compiler's budget runs out in the middle of a kernel.
/// The operations and their order are LaneMath's, so the bits are too (held by the tests of equal paths).
/// </summary>
internal static class Math512
{
    /// <summary>e^x, sixteen times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Exp(Vector512<float> x)
    {
        x = Avx512F.Min(Vector512.Create(100f), Avx512F.Max(Vector512.Create(-110f), x)); // NaN is the second operand: kept
        var n = Avx512F.RoundScale(x * Vector512.Create(LaneMath.Log2E), 0);
        return Avx512F.Scale(ExpM1Reduced(x, n) + Vector512.Create(1f), n);
    }

    /// <summary>erf x, sixteen times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Erf(Vector512<float> x)
    {
        var sign = x & Vector512.Create(-0f);
        var y = Avx512F.Min(Vector512.Create(4.1f), x & Vector512.Create(0x7FFFFFFF).AsSingle()); // erf 4.1 rounds to 1
        var u = y * y;

        var p = Avx512F.FusedMultiplyAdd(Vector512.Create(7.882497448e-5f), u, Vector512.Create(-8.018855006e-4f));
        p = Avx512F.FusedMultiplyAdd(p, u, Vector512.Create(5.189312156e-3f));
        p = Avx512F.FusedMultiplyAdd(p, u, Vector512.Create(-2.685432881e-2f));
        p = Avx512F.FusedMultiplyAdd(p, u, Vector512.Create(0.1128359735f));
        p = Avx512F.FusedMultiplyAdd(p, u, Vector512.Create(-0.3761262596f));
        p = Avx512F.FusedMultiplyAdd(p, u, Vector512.Create(1.1283791065f)) * y;

        var q = Avx512F.FusedMultiplyAdd(Vector512.Create(-1.5714821302e-6f), y, Vector512.Create(4.4762862672e-5f));
        q = Avx512F.FusedMultiplyAdd(q, y, Vector512.Create(-5.8591330890e-4f));
        q = Avx512F.FusedMultiplyAdd(q, y, Vector512.Create(4.7086793929e-3f));
        q = Avx512F.FusedMultiplyAdd(q, y, Vector512.Create(-2.6276718825e-2f));
        q = Avx512F.FusedMultiplyAdd(q, y, Vector512.Create(0.1098260656f));
        q = Avx512F.FusedMultiplyAdd(q, y, Vector512.Create(0.6320961714f));
        q = Avx512F.FusedMultiplyAdd(q, y, Vector512.Create(1.1300748587f));
        q = Avx512F.FusedMultiplyAdd(q, y, Vector512.Create(-2.8081049095e-4f));
        var far = Vector512.Create(1f) - Exp(Vector512<float>.Zero - q);

        var value = Vector512.ConditionalSelect(Vector512.GreaterThan(y, Vector512.Create(1f)), far, p);
        var saturated = Avx512F.Min(Vector512.Create(1f), y); // far out 1; NaN stays
        value = Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Create(4.05f), y), value, saturated);
        return value | sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpM1Reduced(Vector512<float> x, Vector512<float> n)
    {
        var r = Avx512F.FusedMultiplyAdd(n, Vector512.Create(-LaneMath.Ln2High), x);
        r = Avx512F.FusedMultiplyAdd(n, Vector512.Create(-LaneMath.Ln2Low), r);
        var p = Avx512F.FusedMultiplyAdd(Vector512.Create(1.989927841e-4f), r, Vector512.Create(1.393364510e-3f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(8.333298378e-3f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(4.166646674e-2f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(0.1666666716f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        return Avx512F.FusedMultiplyAdd(p, r * r, r);
    }
}
