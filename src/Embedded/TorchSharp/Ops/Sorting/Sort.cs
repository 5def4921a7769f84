using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements in order along a dimension, and where they were; equals keep their order.</summary>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false)
        {
            int d = Shapes.Dim(dim, Rank);
            Tensor places = OrderedPlaces(d, Rank == 0 ? 1 : sizes[d], descending);
            return (gather(d, places), places);
        }

        /// <summary>Where the elements in order along a dimension are.</summary>
        public Tensor argsort(long dim = -1, bool descending = false)
        {
            int d = Shapes.Dim(dim, Rank);
            return OrderedPlaces(d, Rank == 0 ? 1 : sizes[d], descending);
        }

        /// <summary>The k largest (or smallest) elements along a dimension, in order, and where they are; of equals the first.</summary>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            int d = Shapes.Dim(dim, Rank);
            if (k < 0 || k > (Rank == 0 ? 1 : sizes[d])) throw new ExternalException("selected index k out of range");
            Tensor places = OrderedPlaces(d, k, largest);
            return (gather(d, places), places);
        }

        Tensor OrderedPlaces(int d, long k, bool descending)
        {
            using Rows rows = Rows.Of(this, d);
            return rows.Restore(Sorting.Places(rows, k, descending));
        }

        /// <summary>Running sums along a dimension.</summary>
        public unsafe Tensor cumsum(long dim, ScalarType? type = null)
        {
            int d = Shapes.Dim(dim, Rank);
            ScalarType to = type ?? (Dtypes.IsFloating(this.type) ? this.type : ScalarType.Int64);
            Tensor result;
            using (Tensor x = Elementwise.As(this, Dtypes.Compute(to)))
            using (Rows rows = Rows.Of(x, d))
            {
                Tensor y = rows.NewRows(x.type, rows.Length);
                for (long r = 0; r < rows.Count; r++)
                {
                    long at = r * rows.Length;
                    if (x.type == ScalarType.Float32) Accumulate(rows.Dense.Ptr<float>() + at, y.Ptr<float>() + at, rows.Length);
                    else if (x.type == ScalarType.Float64) Accumulate(rows.Dense.Ptr<double>() + at, y.Ptr<double>() + at, rows.Length);
                    else if (x.type == ScalarType.Int64) Accumulate(rows.Dense.Ptr<long>() + at, y.Ptr<long>() + at, rows.Length);
                    else if (x.type == ScalarType.Int32) Accumulate(rows.Dense.Ptr<int>() + at, y.Ptr<int>() + at, rows.Length);
                    else throw new ExternalException($"\"cumsum_out_cpu\" not implemented for '{Names.Of(x.type)}'");
                }
                result = rows.Restore(y).to_type(to);
            }
            return Tape.Records(this)
                ? Tape.Record(result, "CumsumBackward", [this], [], (_, g) => [g.flip(d).cumsum(d).flip(d)])
                : result;
        }

        static unsafe void Accumulate<T>(T* x, T* y, long n) where T : unmanaged, System.Numerics.INumber<T>
        {
            T sum = T.Zero;
            for (long i = 0; i < n; i++)
            {
                sum += x[i];
                y[i] = sum;
            }
        }

        /// <summary>The order along dimensions reversed.</summary>
        public Tensor flip(params long[] dims)
        {
            Tensor result = alias();
            foreach (long dim in dims)
            {
                int d = Shapes.Dim(dim, Rank);
                using Tensor places = torch.arange(sizes[d] - 1, -1, -1, ScalarType.Int64);
                result = result.index_select(d, places);
            }
            return result;
        }
    }

    public static (Tensor Values, Tensor Indices) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false) => input.sort(dim, descending, stable);

    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) => input.argsort(dim, descending);

    public static (Tensor values, Tensor indexes) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true) => tensor.topk(k, dim, largest, sorted);

    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);

    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);
}
