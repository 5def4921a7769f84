using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>The product of a chain of matrices in the order of fewest multiplications; the first and last may be vectors.</summary>
        public static Tensor multi_dot(IList<Tensor> tensors)
        {
            int n = tensors.Count;
            if (n < 2) throw new ExternalException($"multi_dot(): expected at least 2 tensors but got {n}");
            using DisposeScope scope = NewDisposeScope();
            Tensor[] chain = [.. tensors];
            bool row = chain[0].Rank == 1, column = chain[^1].Rank == 1;
            if (row) chain[0] = chain[0].unsqueeze(0);
            if (column) chain[^1] = chain[^1].unsqueeze(-1);
            for (int i = 0; i < n; i++)
            {
                if (chain[i].Rank != 2) throw new ExternalException($"multi_dot(): tensor {i} must be 2D but got {tensors[i].Rank}D");
                if (i > 0 && chain[i - 1].sizes[1] != chain[i].sizes[0])
                    throw new ExternalException($"multi_dot(): tensors {i - 1} and {i} with shapes [{Shapes.Text(chain[i - 1].sizes)}] and [{Shapes.Text(chain[i].sizes)}] cannot be multiplied");
            }
            // cost[i, j]: of the product of matrices i to j; cut[i, j]: after which one to cut it.
            var cost = new double[n, n];
            var cut = new int[n, n];
            for (int length = 1; length < n; length++)
                for (int i = 0; i + length < n; i++)
                {
                    int j = i + length;
                    cost[i, j] = double.PositiveInfinity;
                    for (int k = i; k < j; k++)
                    {
                        double c = cost[i, k] + cost[k + 1, j] + (double)chain[i].sizes[0] * chain[k].sizes[1] * chain[j].sizes[1];
                        if (c < cost[i, j]) (cost[i, j], cut[i, j]) = (c, k);
                    }
                }
            Tensor result = Multiplied(0, n - 1);
            if (row) result = result.squeeze(0);
            if (column) result = result.squeeze(-1);
            return scope.MoveToOuter(result);

            Tensor Multiplied(int i, int j) => i == j ? chain[i] : Multiplied(i, cut[i, j]).mm(Multiplied(cut[i, j] + 1, j));
        }

        /// <summary>The vector product along a dimension of size 3.</summary>
        public static Tensor cross(Tensor input, Tensor other, long dim = -1) => input.Cross(other, dim);

        /// <summary>The sums of products along a dimension.</summary>
        public static Tensor vecdot(Tensor x, Tensor y, long dim = -1, Tensor? @out = null)
        {
            using Tensor product = x.mul(y);
            Tensor sum = product.sum(dim);
            return @out is null ? sum : @out.copy_(sum);
        }

        /// <summary>The matrix of a vector's powers from 0 up.</summary>
        public static Tensor vander(Tensor input, long? N = null)
        {
            long n = N ?? input.sizes[^1];
            using DisposeScope scope = NewDisposeScope();
            Tensor x = Dtypes.IsFloating(input.type) ? input : input.to_type(ScalarType.Int64), one = torch.ones([.. x.sizes, 1], x.type);
            return scope.MoveToOuter(n <= 1 ? one.narrow(-1, 0, n).clone() : cat([one, x.unsqueeze(-1).expand([.. x.sizes, n - 1], false).cumprod(-1)], -1));
        }

        /// <summary>The inverse of a tensor seen as a matrix of its first <paramref name="ind"/> dimensions by the others.</summary>
        public static Tensor tensorinv(Tensor input, long ind)
        {
            if (ind <= 0) throw new ExternalException("Expected a strictly positive integer for 'ind'");
            long[] first = input.sizes[..(int)ind], rest = input.sizes[(int)ind..];
            long n = Shapes.Numel(first);
            if (n != Shapes.Numel(rest)) throw new ExternalException($"Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got {Shapes.Numel(rest)} != {n}");
            using Tensor matrix = input.reshape(n, n), inverse = inv(matrix);
            return inverse.reshape([.. rest, .. first]);
        }

        /// <summary>The X with tensordot(A, X) = B.</summary>
        public static Tensor tensorsolve(Tensor A, Tensor B, long[] dims)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor a = dims is { Length: > 0 } ? A.movedim(dims, dims.Select((_, i) => (long)(A.Rank - dims.Length + i)).ToArray()) : A;
            long[] rest = a.sizes[B.Rank..];
            long n = Shapes.Numel(rest);
            if (n != Shapes.Numel(a.sizes.AsSpan(0, B.Rank))) throw new ExternalException($"Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got {n} != {Shapes.Numel(a.sizes.AsSpan(0, B.Rank))}");
            return scope.MoveToOuter(solve(a.reshape(n, n), B.reshape(-1)).reshape(rest));
        }
    }
}
