using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The n-th differences along a dimension, of what is before, this tensor and what is behind.</summary>
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null)
        {
            if (Rank == 0) throw new ExternalException("diff expects input to be at least one-dimensional");
            if (n < 0) throw new ExternalException($"order must be non-negative but got {n}");
            int d = Shapes.Dim(dim, Rank);
            using DisposeScope scope = NewDisposeScope();
            Tensor x = alias();
            if (prepend is not null || append is not null)
            {
                var parts = new List<Tensor>();
                if (prepend is not null) parts.Add(prepend);
                parts.Add(this);
                if (append is not null) parts.Add(append);
                x = cat(parts, d);
            }
            for (; n > 0 && x.sizes[d] > 0; n--)
            {
                Tensor later = x.narrow(d, 1, x.sizes[d] - 1), earlier = x.narrow(d, 0, x.sizes[d] - 1);
                x = x.type == ScalarType.Bool ? later.logical_xor(earlier) : later.sub(earlier);
            }
            return scope.MoveToOuter(x);
        }
    }

    public static Tensor diff(Tensor input, long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => input.diff(n, dim, prepend, append);
}
