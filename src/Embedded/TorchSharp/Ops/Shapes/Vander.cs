using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The matrix of a vector's powers, a row an element: from N - 1 down to 0, or up.</summary>
        public Tensor vander(long N = -1, bool increasing = false)
        {
            if (Rank != 1) throw new ExternalException($"x must be a one-dimensional tensor.");
            if (N < -1) throw new ExternalException("N must be non-negative.");
            long n = N == -1 ? Count : N;
            using DisposeScope scope = NewDisposeScope();
            Tensor x = Dtypes.IsFloating(type) ? this : to_type(ScalarType.Int64);
            Tensor powers = torch.ones([Count, Math.Min(n, 1)], x.type);
            if (n > 1) powers = cat([powers, x.unsqueeze(1).Expanded([Count, n - 1]).cumprod(1)], 1);
            return scope.MoveToOuter(increasing ? powers.contiguous() : powers.flip(1));
        }
    }

    public static Tensor vander(Tensor x, long N = -1, bool increasing = false) => x.vander(N, increasing);
}
