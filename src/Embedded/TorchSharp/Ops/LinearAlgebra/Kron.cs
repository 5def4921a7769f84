namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Kronecker's product: each element of this tensor times the whole other one.</summary>
        public Tensor kron(Tensor other)
        {
            using DisposeScope scope = NewDisposeScope();
            int rank = Math.Max(Rank, other.Rank);
            long[] a = [.. Enumerable.Repeat(1L, rank - Rank), .. sizes], b = [.. Enumerable.Repeat(1L, rank - other.Rank), .. other.sizes];
            long[] left = new long[rank * 2], right = new long[rank * 2], whole = new long[rank];
            for (int d = 0; d < rank; d++)
            {
                (left[2 * d], left[2 * d + 1]) = (a[d], 1);
                (right[2 * d], right[2 * d + 1]) = (1, b[d]);
                whole[d] = a[d] * b[d];
            }
            return scope.MoveToOuter(reshape(left).mul(other.reshape(right)).reshape(whole));
        }
    }

    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);
}
