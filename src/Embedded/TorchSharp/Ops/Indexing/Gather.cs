using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Elements along a dimension, each at the place that the index tensor names.</summary>
        public Tensor gather(long dim, Tensor index)
        {
            ArgumentNullException.ThrowIfNull(index);
            int d = Shapes.Dim(dim, Rank);
            RequireIndex("gather", index);
            if (Math.Max(index.Rank, 1) != Math.Max(Rank, 1))
                throw new ExternalException("Index tensor must have the same number of dimensions as input tensor");
            for (int i = 0; i < Math.Min(Rank, index.Rank); i++)
                if (i != d && index.sizes[i] > sizes[i])
                    throw new ExternalException($"Size does not match at dimension {i} expected index [{Shapes.Text(index.sizes)}] to be no larger than self [{Shapes.Text(sizes)}] apart from dimension {d}");
            Tensor result = Create(index.sizes, type);
            Gathers.Read(this, d, index, result);
            if (!Tape.Records(this)) return result;
            long[] from = sizes;
            return Tape.Record(result, "GatherBackward", [this], [index], (n, g) => [zeros(from, g.type).scatter_add_(d, n.Saved(0), g)]);
        }

        /// <summary>self[.., index, ..] += src, in row-major order of the index tensor.</summary>
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Scattered(dim, index, src, true);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => clone().scatter_add_(dim, index, src);

        /// <summary>self[.., index, ..] = src; of several writes to one place the last stays.</summary>
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Scattered(dim, index, src, false);

        public Tensor scatter(long dim, Tensor index, Tensor src) => clone().scatter_(dim, index, src);

        Tensor Scattered(long dim, Tensor index, Tensor src, bool add)
        {
            int d = Shapes.Dim(dim, Rank);
            RequireIndex("scatter", index);
            if (src.type != type) throw new ExternalException("scatter(): Expected self.dtype to be equal to src.dtype");
            if (Math.Max(index.Rank, 1) != Math.Max(Rank, 1)) throw new ExternalException("Index tensor must have the same number of dimensions as self tensor");
            if (index.Count > 0 && Math.Max(index.Rank, 1) != Math.Max(src.Rank, 1)) throw new ExternalException("Index tensor must have the same number of dimensions as src tensor");
            for (int i = 0; i < Math.Min(index.Rank, Math.Min(Rank, src.Rank)) && index.Count > 0; i++)
                if ((i != d && index.sizes[i] > sizes[i]) || index.sizes[i] > src.sizes[i])
                    throw new ExternalException($"Expected index [{Shapes.Text(index.sizes)}] to be no larger than self [{Shapes.Text(sizes)}] apart from dimension {d} and to be no larger size than src [{Shapes.Text(src.sizes)}]");
            if (Tape.Records(this, src)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            if (index.Count > 0)
            {
                using Tensor window = src.Window(src.offset, src.Rank == index.Rank ? index.sizes : src.sizes, src.strides, false), dense = window.Dense();
                Gathers.Write(dense, d, index, this, add);
            }

            if (!Tape.Records(this, src)) return this;
            long[] from = src.sizes;
            return Tape.Record(this, add ? "ScatterAddBackward" : "ScatterBackward", [this, src], [index], (n, g) =>
            [
                !n.Needs(0) ? null : add ? g : g.clone().scatter_(d, n.Saved(0), zeros(n.Saved(0).sizes, g.type)),
                n.Needs(1) ? Padded(g.gather(d, n.Saved(0)), from) : null,
            ]);
        }

        /// <summary>A gradient with 0 for the elements of the source that no index used.</summary>
        static Tensor Padded(Tensor picked, long[] shape)
        {
            if (picked.sizes.AsSpan().SequenceEqual(shape)) return picked;
            Tensor whole = zeros(shape, picked.type), corner = whole;
            for (int d = 0; d < shape.Length; d++) corner = corner.narrow(d, 0, picked.sizes[d]);
            corner.copy_(picked);
            return whole;
        }

        static void RequireIndex(string name, Tensor index)
        {
            if (index.type is not (ScalarType.Int64 or ScalarType.Int32)) throw new ExternalException($"{name}(): Expected dtype int32/int64 for index");
        }

        /// <summary>Elements at places counted in row-major order; negative ones count from the end.</summary>
        public Tensor take(Tensor index)
        {
            ArgumentNullException.ThrowIfNull(index);
            if (index.type != ScalarType.Int64) throw new ExternalException($"take(): Expected a long tensor for index, but got {Names.Of(index.type)}");
            long count = Count;
            if (count == 0 && index.Count != 0) throw new ExternalException("take(): tried to take from an empty tensor");
            long[] places = Gathering.Indices(index, count, true, i => $"out of range: tried to access index {i} on a tensor of {count} elements.");
            Tensor result = Create(index.sizes, type);
            using (Tensor dense = Dense()) Gathering.Read(dense, result, places);
            if (!Tape.Records(this)) return result;
            long[] from = sizes;
            return Tape.Record(result, "TakeBackward", [this], [index], (n, g) =>
                [zeros(count, g.type).index_put_(g.reshape(-1), [n.Saved(0).reshape(-1)], true).reshape(from)]);
        }

        /// <summary>As <see cref="gather(long, Tensor)"/>, broadcast along the other dimensions.</summary>
        public Tensor take_along_dim(Tensor indices, long dim)
        {
            ArgumentNullException.ThrowIfNull(indices);
            if (Rank != indices.Rank)
                throw new ExternalException($"torch.take_along_dim(): input and indices should have the same number of dimensions, but got {Rank} dimensions for input, and {indices.Rank} dimensions for indices");
            if (indices.type != ScalarType.Int64) throw new ExternalException($"torch.take_along_dim(): dtype of indices should be Long but got {Names.Of(indices.type)}");
            int d = Shapes.Dim(dim, Rank);
            long[] mine = shape, theirs = indices.shape;
            (mine[d], theirs[d]) = (indices.sizes[d], sizes[d]);
            using Tensor wide = indices.expand(Shapes.Broadcast(mine, indices.sizes));
            return expand(Shapes.Broadcast(theirs, sizes)).gather(d, wide);
        }

        public Tensor take_along_dim(Tensor indices)
        {
            using Tensor flat = indices.reshape(-1);
            return reshape(-1).take_along_dim(flat, 0);
        }

        public Tensor take_along_dim(IEnumerable<long> indices) => take_along_dim(tensor(indices.ToArray()));

        public Tensor take_along_dim(IEnumerable<long> indices, long dim) => take_along_dim(tensor(indices.ToArray()), dim);
    }
}
