using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>What the fused layers do with matrices of one element type.</summary>
internal static unsafe class Matrices
{
    /// <summary>A tensor (.., k) as rows (m, k), dense, hidden.</summary>
    public static Tensor Rows(Tensor x, long k)
    {
        if (x.is_contiguous()) return x.Window(x.offset, [k == 0 ? 0 : x.Count / k, k], [k, 1], false);
        using Tensor dense = x.Dense();
        return dense.Window(dense.offset, [k == 0 ? 0 : x.Count / k, k], [k, 1], false);
    }

    /// <summary>c = a b (+ bias on every row); <paramref name="reused"/>: b is likely to come again unchanged.</summary>
    public static void Multiply(Tensor a, Tensor b, Tensor c, Tensor? bias, bool reused = false)
    {
        if (c.type == ScalarType.Float32)
        {
            Matrix.Single(a, b, c, bias, false, reused);
        }
        else if (bias is not null)
        {
            Copy.Elements(bias, c);
            Matrix.Into(a, b, c, true);
        }
        else Matrix.Into(a, b, c, false);
    }

    /// <summary>The sum of each column of a dense matrix, rows in ascending order; leading dimensions are rows too.</summary>
    public static Tensor ColumnSums(Tensor x)
    {
        long n = x.sizes[^1], rows = x.Count / Math.Max(1, n);
        Tensor sums = Tensor.Create([n], x.type);
        if (x.type == ScalarType.Float32)
        {
            Kernels.ColumnSum.Run(x.Ptr<float>(), (nint)n, sums.Ptr<float>(), rows, (int)n, false);
            return sums;
        }
        Numbers.Write(sums, 0L);
        ColumnSums(x.Ptr<double>(), sums.Ptr<double>(), rows, n);
        return sums;
    }

    static void ColumnSums<T>(T* x, T* sums, long rows, long n) where T : unmanaged, INumber<T>
    {
        for (long r = 0; r < rows; r++)
            for (long c = 0; c < n; c++) sums[c] += x[r * n + c];
    }
}
