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

        /// <summary>Elements, or slices along a dimension, each repeated as often as the tensor says.</summary>
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null)
        {
            if (dim is null)
            {
                using Tensor flat = reshape(-1);
                return flat.repeat_interleave(repeats, 0, output_size);
            }
            int d = Shapes.Dim(dim.Value, Rank);
            if (repeats.Rank > 1) throw new ExternalException("repeats must be 0-dim or 1-dim tensor");
            if (repeats.type is not (ScalarType.Int32 or ScalarType.Int64)) throw new ExternalException("repeats has to be Long or Int tensor");
            long n = Rank == 0 ? 1 : sizes[d];
            if (repeats.Count != 1 && repeats.Count != n) throw new ExternalException($"repeats must have the same size as input along dim, but got repeats.size(0) = {repeats.Count} and input.size({d}) = {n}");
            using Tensor wide = repeats.to_type(ScalarType.Int64, true);
            long[] times = wide.data<long>().ToArray();
            var places = new List<long>();
            for (long i = 0; i < n; i++)
            {
                long count = times[times.Length == 1 ? 0 : i];
                if (count < 0) throw new ExternalException("repeats can not be negative");
                for (long k = 0; k < count; k++) places.Add(i);
            }
            if (output_size is { } size && size != places.Count) throw new ExternalException("allocated size does not match required size");
            using Tensor index = torch.tensor(places.ToArray(), [places.Count], ScalarType.Int64);
            return index_select(d, index);
        }

        /// <summary>The tensor repeated along its last dimensions, or along new ones before them.</summary>
        public Tensor tile(long[] reps) => repeat([.. Enumerable.Repeat(1L, Math.Max(0, Rank - reps.Length)), .. reps]);
    }

    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor tile(Tensor input, long[] dims) => input.tile(dims);
}
