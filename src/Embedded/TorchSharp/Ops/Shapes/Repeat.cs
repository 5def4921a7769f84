using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The tensor repeated along each dimension.</summary>
        public Tensor repeat(params long[] sizes)
        {
            if (sizes.Length < Rank) throw new ExternalException("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
            int lead = sizes.Length - Rank;
            long[] full = [.. Enumerable.Repeat(1L, lead), .. this.sizes];
            var spread = new List<long>();
            var expanded = new List<long>();
            var merged = new long[full.Length];
            for (int d = 0; d < full.Length; d++)
            {
                spread.AddRange([1, full[d]]);
                expanded.AddRange([sizes[d], full[d]]);
                merged[d] = sizes[d] * full[d];
            }
            using Tensor view = reshape([.. spread]), wide = view.Expanded([.. expanded]);
            return wide.reshape(merged);
        }

        /// <summary>Each element repeated along a dimension.</summary>
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
        {
            if (dim is null)
            {
                using Tensor flat = reshape(-1);
                return flat.repeat_interleave(repeats, 0);
            }
            int d = Shapes.Dim(dim.Value, Rank);
            using Tensor view = unsqueeze(d + 1), wide = view.Expanded([.. sizes[..(d + 1)], repeats, .. sizes[(d + 1)..]]);
            return wide.flatten(d, d + 1);
        }

        /// <summary>Elements moved along a dimension, those that leave coming in at the other end.</summary>
        public Tensor roll(long shifts, long? dims = null)
        {
            if (dims is null)
            {
                using Tensor flat = reshape(-1), rolled = flat.roll(shifts, 0);
                return rolled.reshape(sizes);
            }
            int d = Shapes.Dim(dims.Value, Rank);
            long n = sizes[d];
            if (n == 0) return clone();
            long at = (((-shifts) % n) + n) % n;
            using Tensor tail = narrow(d, at, n - at), head = narrow(d, 0, at);
            return cat([tail, head], d);
        }

        /// <summary>The elements on and above a diagonal, the others 0.</summary>
        public Tensor triu(long diagonal = 0) => Triangle(static (r, c, k) => c - r >= k, diagonal);

        /// <summary>The elements on and below a diagonal, the others 0.</summary>
        public Tensor tril(long diagonal = 0) => Triangle(static (r, c, k) => c - r <= k, diagonal);

        unsafe Tensor Triangle(Func<long, long, long, bool> keeps, long diagonal)
        {
            if (Rank < 2) throw new ExternalException("triu: input tensor must have at least 2 dimensions");
            using Tensor drop = Create([sizes[^2], sizes[^1]], ScalarType.Bool, false);
            byte* flags = drop.Ptr<byte>();
            for (long r = 0; r < sizes[^2]; r++)
                for (long c = 0; c < sizes[^1]; c++) flags[r * sizes[^1] + c] = keeps(r, c, diagonal) ? (byte)0 : (byte)1;
            return masked_fill(drop, 0L);
        }
    }

    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);

    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);
}
