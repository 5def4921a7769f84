using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Products of matrices. Every element is one chain of sums over the inner dimension in ascending order.</summary>
internal static unsafe class Matrix
{
    /// <summary>(m, k) @ (k, n); both two-dimensional windows of one type. Where the right one is likely to come again unchanged, it is kept packed.</summary>
    public static Tensor Product(Tensor a, Tensor b)
    {
        Tensor c = Tensor.Create([a.sizes[0], b.sizes[1]], a.type);
        if (a.type == ScalarType.Float32) Single(a, b, c, null, false, reused: true);
        else Into(a, b, c, false);
        return c;
    }

    /// <summary>c (+)= a @ b for two-dimensional windows; c has row-major rows, or is dense with its leading dimensions as rows.</summary>
    public static void Into(Tensor a, Tensor b, Tensor c, bool accumulate)
    {
        switch (c.type)
        {
            case ScalarType.Float32: Single(a, b, c, null, accumulate); break;
            case ScalarType.Float64: Double(a, b, c, accumulate); break;
            case ScalarType.Int64: Run<long>(a, b, c, accumulate); break;
            case ScalarType.Int32: Run<int>(a, b, c, accumulate); break;
            default: throw new System.Runtime.InteropServices.ExternalException($"\"addmm_impl_cpu_\" not implemented for '{Names.Of(c.type)}'");
        }
    }

    /// <summary>
    /// c (+)= a @ b (+ bias on every row) in float32, either factor transposed first where that is asked for. What isn't
    /// two-dimensional is read with its leading dimensions as rows. Transposed memory is read where it is, and b packed
    /// where it is <paramref name="reused"/>.
    /// </summary>
    public static void Single(Tensor a, Tensor b, Tensor c, Tensor? bias, bool accumulate, bool reused = false, bool transposeA = false, bool transposeB = false)
    {
        Tensor left = IsMatrix(a) ? a : a.Dense(), right = IsMatrix(b) ? b : b.Dense();
        Tensor? row = bias is null || bias.is_contiguous() ? bias : bias.Dense();
        (long lda, bool ta) = Rows(left);
        (long ldb, bool tb) = Rows(right);
        int rowsA = (int)RowCount(a), rowsB = (int)RowCount(b), columnsA = (int)a.sizes[^1], columnsB = (int)b.sizes[^1];
        int m = transposeA ? columnsA : rowsA;
        var form = new FactorForm(right.offset, transposeB ? columnsB : rowsB, transposeB ? rowsB : columnsB, ldb, tb != transposeB);
        Kernels.PackedMatrix? packed = reused && ReferenceEquals(right, b) && PackedFactors.Pays(m, form) ? b.buffer!.Packed(form) : null;
        Kernels.Gemm.Run(new Kernels.GemmProblem
        {
            M = m,
            N = form.N,
            K = form.K,
            A = left.Ptr<float>(),
            LdA = (nint)lda,
            TransA = ta != transposeA,
            B = right.Ptr<float>(),
            LdB = (nint)ldb,
            TransB = form.Transposed,
            C = c.Ptr<float>(),
            LdC = RowLength(c),
            Accumulate = accumulate,
            Bias = row is null ? null : row.Ptr<float>(),
            Packed = packed is null ? null : packed.Data,
        });
        packed?.Release();
        Free(left, a);
        Free(right, b);
        Free(row, bias);
        GC.KeepAlive(c);
    }

    static bool IsMatrix(Tensor x) => x.Rank == 2 ? IsReadable(x) : x.is_contiguous();

    static long RowCount(Tensor x) => x.Rank == 2 ? x.sizes[0] : x.Count / Math.Max(1, x.sizes[^1]);

    static (long Leading, bool Transposed) Rows(Tensor x) => x.Rank == 2 ? Layout(x) : (x.sizes[^1], false);

    static void Double(Tensor a, Tensor b, Tensor c, bool accumulate)
    {
        Kernels.GemmDouble.Run((int)a.sizes[0], (int)b.sizes[1], (int)a.sizes[1], a.Ptr<double>(), (nint)a.strides[0], (nint)a.strides[1],
            b.Ptr<double>(), (nint)b.strides[0], (nint)b.strides[1], c.Ptr<double>(), RowLength(c), accumulate);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
    }

    /// <summary>The elements between the rows of a product; where it isn't two-dimensional it is dense, its leading dimensions being more rows.</summary>
    static nint RowLength(Tensor c) => (nint)(c.Rank == 2 ? Math.Max(c.strides[0], c.sizes[1]) : c.sizes[^1]);

    // Memory that was copied for one product goes; the caller's own stays, at least until here.
    static void Free(Tensor? used, Tensor? given)
    {
        if (!ReferenceEquals(used, given)) used!.Dispose();
        GC.KeepAlive(given);
    }

    /// <summary>Whether rows or columns are contiguous; the last two dimensions count.</summary>
    public static bool IsReadable(Tensor x)
    {
        long rows = x.sizes[^2], columns = x.sizes[^1], down = x.strides[^2], across = x.strides[^1];
        bool byRows = (across == 1 || columns == 1) && (down >= columns || rows == 1);
        bool byColumns = (down == 1 || rows == 1) && (across >= rows || columns == 1);
        return byRows || byColumns;
    }

    /// <summary>The matrix itself when its rows or its columns are contiguous, otherwise a copy.</summary>
    public static Tensor Readable(Tensor x) => IsReadable(x) ? x.Hidden() : x.Dense();

    /// <summary>The elements between rows as stored, and whether what is stored is the transpose.</summary>
    public static (long Leading, bool Transposed) Layout(Tensor x)
    {
        long rows = x.sizes[^2], columns = x.sizes[^1], down = x.strides[^2], across = x.strides[^1];
        bool byRows = (across == 1 || columns == 1) && (down >= columns || rows == 1);
        return byRows ? (Math.Max(rows == 1 ? columns : down, columns), false) : (Math.Max(columns == 1 ? rows : across, rows), true);
    }

    static void Run<T>(Tensor a, Tensor b, Tensor c, bool accumulate) where T : unmanaged, INumber<T>
    {
        int m = (int)a.sizes[0], k = (int)a.sizes[1], n = (int)b.sizes[1];
        using Tensor right = b.Dense();
        T* pa = a.Ptr<T>(), pb = right.Ptr<T>();
        long sm = a.strides[0], sk = a.strides[1];
        for (int i = 0; i < m; i++)
        {
            var row = new Span<T>(c.Ptr<T>() + i * RowLength(c), n);
            if (!accumulate) row.Clear();
            for (int p = 0; p < k; p++) MultiplyAdd(pa[i * sm + p * sk], pb + (long)p * n, row);
        }
    }

    static void MultiplyAdd<T>(T factor, T* x, Span<T> y) where T : unmanaged, INumber<T>
    {
        int i = 0, w = Vector<T>.Count;
        fixed (T* to = y)
        {
            var f = new Vector<T>(factor);
            for (; i + w <= y.Length; i += w) *(Vector<T>*)(to + i) += f * *(Vector<T>*)(x + i);
            for (; i < y.Length; i++) to[i] += factor * x[i];
        }
    }
}
