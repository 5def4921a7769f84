using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Products of matrices. Every element is one chain of sums over the inner dimension in ascending order.</summary>
internal static unsafe class Matrix
{
    /// <summary>(m, k) @ (k, n); both two-dimensional windows of one type.</summary>
    public static Tensor Product(Tensor a, Tensor b)
    {
        Tensor c = Tensor.Create([a.sizes[0], b.sizes[1]], a.type);
        Into(a, b, c, false);
        return c;
    }

    /// <summary>c (+)= a @ b for two-dimensional windows; c has row-major rows.</summary>
    public static void Into(Tensor a, Tensor b, Tensor c, bool accumulate)
    {
        int m = (int)a.sizes[0], k = (int)a.sizes[1], n = (int)b.sizes[1];
        switch (c.type)
        {
            case ScalarType.Float32: Run<float>(a, b, c, m, n, k, accumulate); break;
            case ScalarType.Float64: Run<double>(a, b, c, m, n, k, accumulate); break;
            case ScalarType.Int64: Run<long>(a, b, c, m, n, k, accumulate); break;
            case ScalarType.Int32: Run<int>(a, b, c, m, n, k, accumulate); break;
            default: throw new System.Runtime.InteropServices.ExternalException($"\"addmm_impl_cpu_\" not implemented for '{Names.Of(c.type)}'");
        }
    }

    static void Run<T>(Tensor a, Tensor b, Tensor c, int m, int n, int k, bool accumulate) where T : unmanaged, INumber<T>
    {
        using Tensor right = b.Dense();
        T* pa = a.Ptr<T>(), pb = right.Ptr<T>();
        long sm = a.strides[0], sk = a.strides[1];
        for (int i = 0; i < m; i++)
        {
            var row = new Span<T>(c.Ptr<T>() + i * c.strides[0], n);
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
