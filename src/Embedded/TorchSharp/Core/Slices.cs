using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Rows of a matrix in the order of their elements, the first different one deciding.</summary>
internal static unsafe class Slices
{
    /// <summary>The rows' places in ascending order, equals in the order of their places; (n) int64.</summary>
    public static Tensor Order(Tensor matrix)
    {
        using Tensor dense = matrix.Dense();
        using Tensor x = Elementwise.As(dense, Dtypes.Compute(matrix.type));
        int[] order = x.type switch
        {
            ScalarType.Bool or ScalarType.Byte => Order<byte>(x),
            ScalarType.Int8 => Order<sbyte>(x),
            ScalarType.Int16 => Order<short>(x),
            ScalarType.Int32 => Order<int>(x),
            ScalarType.Int64 => Order<long>(x),
            ScalarType.Float64 => Order<double>(x),
            _ => Order<float>(x),
        };
        Tensor result = Tensor.Create([order.Length], ScalarType.Int64);
        for (int i = 0; i < order.Length; i++) result.Ptr<long>()[i] = order[i];
        return result;
    }

    static int[] Order<T>(Tensor x) where T : unmanaged, INumber<T>
    {
        int n = (int)x.sizes[0];
        long length = x.sizes[1];
        var order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        Array.Sort(order, new Comparer<T>(x.Ptr<T>(), length));
        return order;
    }

    sealed class Comparer<T>(T* x, long length) : IComparer<int> where T : unmanaged, INumber<T>
    {
        public int Compare(int a, int b)
        {
            for (long i = 0; i < length; i++)
            {
                T p = x[a * length + i], q = x[b * length + i];
                if (p < q) return -1;
                if (p > q) return 1;
            }
            return a.CompareTo(b);
        }
    }
}
