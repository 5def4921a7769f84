using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// Sums over vectors in a fixed order of four lanes, so that every machine finds the same bits: libraries such as TensorPrimitives sum
/// in as many lanes as the machine has.
/// </summary>
internal static class VectorMath
{
    /// <summary>The inner product; the vectors are of one length.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var first = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var second = MemoryMarshal.Cast<double, Vector256<double>>(b)[..first.Length];
        var even = Vector256<double>.Zero;
        var odd = Vector256<double>.Zero;
        int i = 0;
        for (; i + 1 < first.Length; i += 2)
        {
            even += first[i] * second[i];
            odd += first[i + 1] * second[i + 1];
        }
        if (i < first.Length) even += first[i] * second[i];
        double sum = Vector256.Sum(even + odd);
        for (int k = 4 * first.Length; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }

    /// <summary>y += s x.</summary>
    public static void AddScaled(Span<double> y, double s, ReadOnlySpan<double> x)
    {
        var target = MemoryMarshal.Cast<double, Vector256<double>>(y);
        var source = MemoryMarshal.Cast<double, Vector256<double>>(x)[..target.Length];
        var factor = Vector256.Create(s);
        for (int i = 0; i < target.Length; i++) target[i] += factor * source[i];
        for (int k = 4 * target.Length; k < y.Length; k++) y[k] += s * x[k];
    }

    /// <summary>y += s[0] x[0] + s[1] x[1] + s[2] x[2] + s[3] x[3], of rows x that lie one after another.</summary>
    public static void AddFour(Span<double> y, ReadOnlySpan<double> s, ReadOnlySpan<double> x)
    {
        int n = y.Length;
        var target = MemoryMarshal.Cast<double, Vector256<double>>(y);
        var x0 = MemoryMarshal.Cast<double, Vector256<double>>(x[..n])[..target.Length];
        var x1 = MemoryMarshal.Cast<double, Vector256<double>>(x.Slice(n, n))[..target.Length];
        var x2 = MemoryMarshal.Cast<double, Vector256<double>>(x.Slice(2 * n, n))[..target.Length];
        var x3 = MemoryMarshal.Cast<double, Vector256<double>>(x.Slice(3 * n, n))[..target.Length];
        Vector256<double> s0 = Vector256.Create(s[0]), s1 = Vector256.Create(s[1]), s2 = Vector256.Create(s[2]),
            s3 = Vector256.Create(s[3]);
        for (int i = 0; i < target.Length; i++) target[i] += s0 * x0[i] + s1 * x1[i] + (s2 * x2[i] + s3 * x3[i]);
        for (int k = 4 * target.Length; k < n; k++) y[k] += s[0] * x[k] + s[1] * x[n + k] + (s[2] * x[2 * n + k] + s[3] * x[3 * n + k]);
    }

    /// <summary>The plane rotation (x, y) := (c x - s y, s x + c y).</summary>
    public static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        var first = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var second = MemoryMarshal.Cast<double, Vector256<double>>(y)[..first.Length];
        Vector256<double> cosine = Vector256.Create(c), sine = Vector256.Create(s);
        for (int i = 0; i < first.Length; i++)
        {
            var (a, b) = (first[i], second[i]);
            first[i] = cosine * a - sine * b;
            second[i] = sine * a + cosine * b;
        }
        for (int k = 4 * first.Length; k < x.Length; k++) (x[k], y[k]) = (c * x[k] - s * y[k], s * x[k] + c * y[k]);
    }
}
