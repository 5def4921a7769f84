using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// One row times a transposed matrix in AVX2: sixteen lines of B at a time, turned four steps of k after another in
/// registers, so that each column's chain runs over k ascending as everywhere and nothing is written but the result.
/// </summary>
internal static unsafe class GemmRowTurned
{
    private const int Columns = 16;
    private const int Steps = 4;

    // At multiples of 2 KB the sixteen lines meet in so few sets of the first-level cache that they drive each other out.
    private const nint Crowding = 512;

    /// <summary>Whether this is the way to go: one row, and lines of B that lie well in the cache.</summary>
    internal static bool Suits(in GemmProblem g) => g.M == 1 && g.LdB % Crowding != 0;

    /// <summary>Computes columns from <paramref name="j0"/> on in groups of sixteen; answers the first that is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Run(in GemmProblem g, int j0, int j1)
    {
        nint stepA = g.TransA ? g.LdA : 1;
        int j = j0;
        for (; j <= j1 - Columns; j += Columns)
            Group(g.K, g.A, stepA, g.AddressB(0, j), g.LdB, g.C + j, g.Accumulate);
        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Group(nint depth, float* a, nint stepA, float* b, nint ldb, float* c, bool resume)
    {
        Vector256<float> low = default, high = default;
        if (resume)
        {
            low = Vector256.Load(c);
            high = Vector256.Load(c + 8);
        }

        float* b4 = b + (4 * ldb);
        float* b8 = b4 + (4 * ldb);
        float* b12 = b8 + (4 * ldb);
        for (; depth >= Steps; depth -= Steps)
        {
            var x0 = Vector256.Create(*a);
            var x1 = Vector256.Create(a[stepA]);
            var x2 = Vector256.Create(a[2 * stepA]);
            var x3 = Vector256.Create(a[3 * stepA]);
            low = Four(b, b4, ldb, x0, x1, x2, x3, low);
            high = Four(b8, b12, ldb, x0, x1, x2, x3, high);
            a += Steps * stepA;
            b += Steps;
            b4 += Steps;
            b8 += Steps;
            b12 += Steps;
        }

        for (; depth > 0; depth--)
        {
            var x = Vector256.Create(*a);
            low = Fma.MultiplyAdd(x, Step(b++, b4++, ldb), low);
            high = Fma.MultiplyAdd(x, Step(b8++, b12++, ldb), high);
            a += stepA;
        }

        low.Store(c);
        high.Store(c + 8);
    }

    // Eight columns, four steps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Four(float* b, float* b4, nint ldb, Vector256<float> x0, Vector256<float> x1, Vector256<float> x2, Vector256<float> x3, Vector256<float> sum)
    {
        var r0 = PackTranspose.Lines(b, b4);
        var r1 = PackTranspose.Lines(b + ldb, b4 + ldb);
        var r2 = PackTranspose.Lines(b + (2 * ldb), b4 + (2 * ldb));
        var r3 = PackTranspose.Lines(b + (3 * ldb), b4 + (3 * ldb));
        var even = Avx.UnpackLow(r0, r2);
        var odd = Avx.UnpackLow(r1, r3);
        sum = Fma.MultiplyAdd(x0, Avx.UnpackLow(even, odd), sum);
        sum = Fma.MultiplyAdd(x1, Avx.UnpackHigh(even, odd), sum);
        even = Avx.UnpackHigh(r0, r2);
        odd = Avx.UnpackHigh(r1, r3);
        sum = Fma.MultiplyAdd(x2, Avx.UnpackLow(even, odd), sum);
        return Fma.MultiplyAdd(x3, Avx.UnpackHigh(even, odd), sum);
    }

    // Eight columns, one step.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Step(float* b, float* b4, nint ldb) =>
        Vector256.Create(*b, b[ldb], b[2 * ldb], b[3 * ldb], *b4, b4[ldb], b4[2 * ldb], b4[3 * ldb]);
}
