using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The vector product along a dimension of size 3.</summary>
        internal Tensor Cross(Tensor other, long dim)
        {
            int rank = Math.Max(Rank, other.Rank);
            long[] shape = Shapes.Broadcast(sizes, other.sizes);
            int d = Shapes.Dim(dim, rank);
            if (Rank != other.Rank) throw new ExternalException($"linalg.cross: inputs must have the same number of dimensions.");
            if (sizes[d] != 3 || other.sizes[d] != 3) throw new ExternalException($"linalg.cross: inputs dimension {dim} must have length 3. Got {sizes[d]} and {other.sizes[d]}");
            using DisposeScope scope = NewDisposeScope();
            Tensor a = expand(shape, false), b = other.expand(shape, false);
            return scope.MoveToOuter(a.roll(-1, d).mul(b.roll(-2, d)).sub(a.roll(-2, d).mul(b.roll(-1, d))));
        }
    }
}
