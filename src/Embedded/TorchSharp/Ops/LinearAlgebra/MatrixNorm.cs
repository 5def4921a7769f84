using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>The norm of a vector (2), or of all elements where neither order nor dimensions are given.</summary>
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => vector_norm(input, 2, dims, keepdim);

        /// <summary>A vector's norm over one dimension or of a vector, a matrix's over two or of a matrix.</summary>
        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false)
        {
            int over = dims?.Length ?? input.Rank;
            if (dims is null && input.Rank > 2) throw new ExternalException("linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got " + input.Rank + "D.");
            return over == 2 ? matrix_norm(input, ord, dims ?? [-2, -1], keepdim) : vector_norm(input, ord, dims, keepdim);
        }

        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) => norm(input, (double)ord, dims, keepdim);

        /// <summary>The norm "fro" or "nuc" of a matrix.</summary>
        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) => matrix_norm(input, ord, dims ?? [-2, -1], keepdim);

        /// <summary>(sum |x|^ord)^(1/ord) over dimensions, of all elements where none are given.</summary>
        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) => input.VectorNorm(ord, dims ?? [], keepdim);

        /// <summary>Matrix norms over two dimensions: 1 and infinity the largest sum of a column or row, 2 the largest singular value; negative ones the smallest.</summary>
        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false)
        {
            (int row, int column) = Pair(input, dims);
            using DisposeScope scope = NewDisposeScope();
            double size = Math.Abs(ord);
            if (size is not (1 or 2 or double.PositiveInfinity)) throw new ExternalException($"linalg.matrix_norm: Order {ord} not supported.");
            Tensor result;
            if (size == 2)
            {
                Tensor s = svdvals(input.movedim([row, column], [input.Rank - 2, input.Rank - 1]));
                result = ord > 0 ? s.amax(-1) : s.amin(-1);
                return scope.MoveToOuter(KeptPair(result, row, column, keepdim));
            }
            // Sums along one dimension, then the extreme along the other.
            int sum = size == 1 ? row : column, other = size == 1 ? column : row;
            Tensor sums = input.VectorNorm(1, [sum], true);
            result = ord > 0 ? sums.amax([other], true) : sums.amin([other], true);
            return scope.MoveToOuter(keepdim ? result : result.squeeze(Math.Max(row, column)).squeeze(Math.Min(row, column)));
        }

        /// <summary>The norm "fro", the root of the sum of squares, or "nuc", the sum of singular values.</summary>
        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false)
        {
            (int row, int column) = Pair(input, dims);
            if (ord == "fro") return input.VectorNorm(2, [row, column], keepdim);
            if (ord != "nuc") throw new ExternalException($"linalg.matrix_norm: Order {ord} not supported.");
            using DisposeScope scope = NewDisposeScope();
            Tensor s = svdvals(input.movedim([row, column], [input.Rank - 2, input.Rank - 1])).sum(-1);
            return scope.MoveToOuter(KeptPair(s, row, column, keepdim));
        }

        static (int, int) Pair(Tensor input, long[]? dims)
        {
            if (input.Rank < 2) throw new ExternalException("linalg.matrix_norm: The input tensor A must have at least 2 dimensions.");
            dims ??= [-2, -1];
            if (dims.Length != 2) throw new ExternalException("linalg.matrix_norm: dim must be a 2-tuple. Got " + string.Join(" ", dims));
            int row = Shapes.Dim(dims[0], input.Rank), column = Shapes.Dim(dims[1], input.Rank);
            return row != column ? (row, column) : throw new ExternalException($"linalg.matrix_norm: dims must be different. Got ({dims[0]}, {dims[1]})");
        }

        static Tensor KeptPair(Tensor result, int row, int column, bool keepdim) =>
            keepdim ? result.unsqueeze(Math.Min(row, column)).unsqueeze(Math.Max(row, column)) : result;

        /// <summary>The condition numbers: the largest singular value by the smallest.</summary>
        public static Tensor cond(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor s = svdvals(input);
            return scope.MoveToOuter(s.amax(-1).div(s.amin(-1)));
        }

        /// <summary>The condition numbers in a matrix norm: that of the matrix times that of its inverse.</summary>
        public static Tensor cond(Tensor input, double p)
        {
            using DisposeScope scope = NewDisposeScope();
            if (p == 2) return scope.MoveToOuter(cond(input));
            if (p == -2) return scope.MoveToOuter(cond(input).reciprocal());
            return scope.MoveToOuter(matrix_norm(input, p).mul(matrix_norm(inv(input), p)));
        }

        public static Tensor cond(Tensor input, int p) => cond(input, (double)p);

        public static Tensor cond(Tensor input, string p)
        {
            using DisposeScope scope = NewDisposeScope();
            return scope.MoveToOuter(matrix_norm(input, p).mul(matrix_norm(inv(input), p)));
        }
    }
}
