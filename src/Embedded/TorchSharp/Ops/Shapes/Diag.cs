using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Of a vector the matrix with it on a diagonal; of a matrix the elements of a diagonal.</summary>
        public Tensor diag(long diagonal = 0)
        {
            if (Rank is 0 or > 2) throw new ExternalException($"diag(): Supports 1D or 2D tensors. Got {Rank}D");
            return Rank == 1 ? diag_embed(diagonal) : DiagonalCopy(diagonal);
        }

        /// <summary>The matrix with all elements on a diagonal.</summary>
        public Tensor diagflat(long offset = 0)
        {
            using Tensor flat = reshape(-1);
            return flat.diag_embed(offset);
        }

        /// <summary>Matrices, in dimensions <paramref name="dim1"/> and <paramref name="dim2"/> of the result, with the last dimension's elements on a diagonal.</summary>
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1)
        {
            int a = Shapes.Dim(dim1, Rank + 1), b = Shapes.Dim(dim2, Rank + 1);
            if (a == b) throw new ExternalException($"diagonal dimensions cannot be identical {dim1}, {dim2}");
            long n = sizes[^1] + Math.Abs(offset);
            using DisposeScope scope = NewDisposeScope();
            Tensor flat = torch.zeros([.. sizes[..^1], n * n], type).index_add(-1, DiagonalPlaces(n, n, offset), this, 1);
            return scope.MoveToOuter(flat.reshape([.. sizes[..^1], n, n]).movedim([Rank - 1, Rank], [a, b]).contiguous());
        }

        /// <summary>The sum of a matrix's main diagonal.</summary>
        public Tensor trace()
        {
            if (Rank != 2) throw new ExternalException("trace: expected a matrix, but got tensor with dim " + Rank);
            using Tensor diagonal = DiagonalCopy(0);
            return diagonal.sum();
        }

        /// <summary>The elements of a diagonal of the last two dimensions, in their own memory.</summary>
        internal Tensor DiagonalCopy(long offset)
        {
            using Tensor flat = reshape([.. sizes[..^2], sizes[^2] * sizes[^1]]), places = DiagonalPlaces(sizes[^2], sizes[^1], offset);
            return flat.index_select(-1, places);
        }

        static Tensor DiagonalPlaces(long rows, long columns, long offset)
        {
            var places = new List<long>();
            for (long r = Math.Max(0, -offset); r < rows && r + offset < columns; r++) places.Add(r * columns + r + offset);
            return torch.tensor(places.ToArray(), [places.Count], ScalarType.Int64);
        }
    }

    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);

    public static Tensor diagflat(Tensor input, long offset = 0) => input.diagflat(offset);

    public static Tensor diag_embed(Tensor input, long offset = 0, long dim1 = -2, long dim2 = -1) => input.diag_embed(offset, dim1, dim2);

    public static Tensor trace(Tensor input) => input.trace();
}
