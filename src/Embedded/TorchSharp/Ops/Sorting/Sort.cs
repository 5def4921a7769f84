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
            using Tensor x = Elementwise.As(this, Dtypes.Compute(type));
            using Rows rows = Rows.Of(x, d);
            return rows.Restore(Sorting.Places(rows, k, descending));
        }
    }

    public static (Tensor Values, Tensor Indices) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false) => input.sort(dim, descending, stable);

    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) => input.argsort(dim, descending);

    public static (Tensor values, Tensor indexes) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true) => tensor.topk(k, dim, largest, sorted);
}
