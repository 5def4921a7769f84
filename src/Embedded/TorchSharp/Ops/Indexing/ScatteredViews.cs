using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A copy with <paramref name="src"/> at one place along a dimension.</summary>
        public Tensor select_scatter(Tensor src, long dim, long index) => Embedded(src, whole => whole.select(dim, index));

        /// <summary>A copy with <paramref name="src"/> at a range of places along a dimension.</summary>
        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) =>
            Embedded(src, whole => whole.slice(dim, start ?? 0, end ?? long.MaxValue, step));

        /// <summary>A copy with <paramref name="src"/> on a diagonal.</summary>
        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) =>
            Embedded(src, whole => whole.diagonal(offset, dim1, dim2));

        Tensor Embedded(Tensor src, Func<Tensor, Tensor> view)
        {
            ArgumentNullException.ThrowIfNull(src);
            Tensor whole = clone(), part = view(whole);
            if (!part.sizes.AsSpan().SequenceEqual(src.sizes))
                throw new ExternalException($"expected src to have a size equal to the slice of self. src size = [{Shapes.Text(src.sizes)}], slice size = [{Shapes.Text(part.sizes)}]");
            using (part) part.copy_(src);
            return whole;
        }
    }
}
