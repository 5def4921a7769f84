using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The places named by <paramref name="index"/> along a dimension, in that order.</summary>
        public Tensor index_select(long dim, Tensor index)
        {
            int d = Shapes.Dim(dim, Rank);
            if (index.Rank > 1) throw new ExternalException("index_select(): Index is supposed to be a vector");
            long[] places = Gathering.Indices(index, Rank == 0 ? 1 : sizes[d], false);
            if (Rank == 0) return clone();
            Tensor result = Create([.. sizes[..d], places.Length, .. sizes[(d + 1)..]], type);
            using (Tensor dense = Dense())
                Gathering.Select(dense, result, Shapes.Numel(sizes.AsSpan(0, d)), sizes[d], Shapes.Numel(sizes.AsSpan(d + 1)) * ElementSize, places);
            if (!Tape.Records(this)) return result;
            long[] from = sizes;
            return Tape.Record(result, "IndexSelectBackward", [this], [], (_, g) =>
            {
                Tensor whole = zeros(from, g.type);
                using Tensor dense = g.Dense();
                Gathering.AddRows(dense, whole, Shapes.Numel(from.AsSpan(0, d)), from[d], Shapes.Numel(from.AsSpan(d + 1)), places, 1);
                return [whole];
            });
        }

        /// <summary>self[.., index[i], ..] += alpha * source[.., i, ..], in ascending order of i.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            int d = Shapes.Dim(dim, Rank);
            if (source.type != type) throw new ExternalException("index_add_(): self and source must have the same scalar type");
            if (Tape.Records(this, source)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            long[] places = Gathering.Indices(index, sizes[d], false);
            using (Tensor dense = source.Dense())
            using (Tensor target = Dense())
            {
                Gathering.AddRows(dense, target, Shapes.Numel(sizes.AsSpan(0, d)), sizes[d], Shapes.Numel(sizes.AsSpan(d + 1)), places, alpha.Real);
                if (!ReferenceEquals(target.buffer, buffer)) Copy.Elements(target, this);
            }
            if (!Tape.Records(this, source)) return this;
            return Tape.Record(this, "IndexAddBackward", [this, source], [index], (n, g) => [g, n.Needs(1) ? g.index_select(d, n.Saved(0)).mul(alpha) : null]);
        }

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => clone().index_add_(dim, index, source, alpha);

        /// <summary>self[.., index[i], ..] = value.</summary>
        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            int d = Shapes.Dim(dim, Rank);
            if (Tape.Records(this)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            using Tensor number = Numbers.Of(value, type);
            long[] places = Gathering.Indices(index, sizes[d], true);
            foreach (long place in places)
            {
                using Tensor part = Window(offset + place * strides[d], [.. sizes[..d], .. sizes[(d + 1)..]], [.. strides[..d], .. strides[(d + 1)..]], false);
                Copy.Elements(number, part);
            }
            return Tape.Records(this)
                ? Tape.Record(this, "IndexFillBackward", [this], [index], (n, g) => [g.index_fill(d, n.Saved(0), 0L)])
                : this;
        }

        public Tensor index_fill(long dim, Tensor index, Scalar value) => clone().index_fill_(dim, index, value);

        /// <summary>Elements along a dimension, each at the place that the index tensor names.</summary>
        public Tensor gather(long dim, Tensor index)
        {
            int d = Shapes.Dim(dim, Rank);
            if (index.Rank != Rank && !(Rank == 0 || index.Rank == 0))
                throw new ExternalException("Index tensor must have the same number of dimensions as input tensor");
            for (int i = 0; i < Math.Min(Rank, index.Rank); i++)
                if (i != d && index.sizes[i] > sizes[i])
                    throw new ExternalException($"Size does not match at dimension {i} expected index [{Shapes.Text(index.sizes)}] to be smaller than self [{Shapes.Text(sizes)}] apart from dimension {d}");
            Tensor result = Create(index.sizes, type);
            Gathering.Read(this, result, Gathering.Offsets(this, d, index));
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
            if (src.type != type) throw new ExternalException("scatter(): Expected self.dtype to be equal to src.dtype");
            if (Tape.Records(this, src)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            using (Tensor window = src.Window(src.offset, index.sizes, src.strides, false))
            using (Tensor dense = window.Dense())
                Gathering.Write(dense, 1, this, Gathering.Offsets(this, d, index), add);
            if (!Tape.Records(this, src)) return this;
            long[] from = src.sizes;
            return Tape.Record(this, "ScatterBackward", [this, src], [index], (n, g) =>
            {
                Tensor? back = null;
                if (n.Needs(1))
                {
                    Tensor picked = g.gather(d, n.Saved(0));
                    back = picked.sizes.AsSpan().SequenceEqual(from) ? picked : zeros(from, g.type);
                    if (!ReferenceEquals(back, picked))
                    {
                        using Tensor corner = back.Window(0, picked.sizes, back.strides, false);
                        Copy.Elements(picked, corner);
                    }
                }
                Tensor? mine = null;
                if (n.Needs(0)) mine = add ? g : g.clone().scatter_(d, n.Saved(0), zeros(n.Saved(0).sizes, g.type));
                return [mine, back];
            });
        }
    }

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);
}
