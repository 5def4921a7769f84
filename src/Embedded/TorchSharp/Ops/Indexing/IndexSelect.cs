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
            ArgumentNullException.ThrowIfNull(index);
            int d = Shapes.Dim(dim, Rank);
            if (index.Rank > 1) throw new ExternalException("index_select(): Index is supposed to be a vector");
            if (index.type is not (ScalarType.Int64 or ScalarType.Int32)) throw new ExternalException("index_select(): Expected dtype int32 or int64 for index");
            if (d == 0 && Rank == 2 && type == ScalarType.Float32) return Embeddings.Lookup(this, index.Rank == 1 ? index : index.view(1), null);
            long[] places = Gathering.Indices(index, Rank == 0 ? 1 : sizes[d], false, _ => "index out of range in self");
            if (Rank == 0) return places.Length == 1 ? clone() : throw new ExternalException($"index_select(): Index to scalar can have only 1 value, got {places.Length} value(s)");
            Tensor result = Create([.. sizes[..d], places.Length, .. sizes[(d + 1)..]], type);
            using (Tensor dense = Dense())
                Gathering.Select(dense, result, Shapes.Numel(sizes.AsSpan(0, d)), sizes[d], Shapes.Numel(sizes.AsSpan(d + 1)) * ElementSize, places);
            if (!Tape.Records(this)) return result;
            long[] from = sizes;
            return Tape.Record(result, "IndexSelectBackward", [this], [index], (n, g) => [zeros(from, g.type).index_add_(d, n.Saved(0), g, 1)]);
        }

        /// <summary>self[.., index[i], ..] += alpha * source[.., i, ..], in ascending order of i.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            int d = Shapes.Dim(dim, Rank);
            if (index.Rank > 1) throw new ExternalException("index_add_(): Index is supposed to be a vector, but got dim: " + index.Rank);
            if (index.type is not (ScalarType.Int64 or ScalarType.Int32)) throw new ExternalException("index_add_(): Expected dtype int32/int64 for index but got: " + Names.Of(index.type));
            if (source.type != type) throw new ExternalException($"index_add_(): self ({Names.Of(type)}) and source ({Names.Of(source.type)}) must have the same scalar type");
            long along = source.Rank == 0 ? 1 : source.sizes[Math.Min(d, source.Rank - 1)];
            if (index.Count != along)
                throw new ExternalException($"index_add_(): Number of indices ({index.Count}) should be equal to source.size(dim): ({along}), for dim: {d}");
            for (int i = 0; i < Rank; i++)
                if (i != d && (source.Rank != Rank || source.sizes[i] != sizes[i]))
                    throw new ExternalException($"source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = [{Shapes.Text(sizes)}] source.shape = [{Shapes.Text(source.sizes)}]");
            if (Tape.Records(this, source)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            long[] places = Gathering.Indices(index, Rank == 0 ? 1 : sizes[d], false, _ => "index out of range in self");
            using (Tensor dense = source.Dense())
            using (Tensor target = Dense())
            {
                Gathering.AddRows(dense, target, Shapes.Numel(sizes.AsSpan(0, d)), Rank == 0 ? 1 : sizes[d], Shapes.Numel(sizes.AsSpan(Math.Min(d + 1, Rank))), places, alpha.Real);
                if (!ReferenceEquals(target.buffer, buffer)) Copy.Elements(target, this);
            }

            if (!Tape.Records(this, source)) return this;
            return Tape.Record(this, "IndexAddBackward", [this, source], [index], (n, g) => [g, n.Needs(1) ? g.index_select(d, n.Saved(0)).mul(alpha) : null]);
        }

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => clone().index_add_(dim, index, source, alpha);

        /// <summary>self[.., index[i], ..] = source[.., i, ..]; of several writes to one place the last stays.</summary>
        public Tensor index_copy_(long dim, Tensor index, Tensor source)
        {
            int d = Shapes.Dim(dim, Rank);
            if (index.Rank > 1) throw new ExternalException($"index_copy_(): Index should have dimension 1 or 0 (got {index.Rank})");
            if (index.type != ScalarType.Int64) throw new ExternalException($"index_copy_(): Expected a long tensor for index, but got {Names.Of(index.type)}");
            if (source.type != type) throw new ExternalException($"index_copy_(): self and source expected to have the same dtype, but got (self) {Names.Of(type)} and (source) {Names.Of(source.type)}");
            if (source.Rank != Rank && source.Rank != 0 && Rank != 0)
                throw new ExternalException($"index_copy_(): When source and destination are not scalars, their dimensionality must match. Source dimensionality ({source.Rank}), destination dimensionality ({Rank})");
            long along = source.Rank == 0 ? 1 : source.sizes[d];
            if (index.Count != along) throw new ExternalException($"index_copy_(): Number of indices ({index.Count}) should be equal to source.size(dim) ({along})");
            long[] here = Without(sizes, d), there = Without(source.sizes, d);
            if (!here.AsSpan().SequenceEqual(there))
                throw new ExternalException($"index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: {Shapes.Text(here).Replace(", ", " ", StringComparison.Ordinal)} at dimension {d} and source slice shape: {Shapes.Text(there).Replace(", ", " ", StringComparison.Ordinal)} at dimension 0.");
            if (Tape.Records(this, source)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            long size = Rank == 0 ? 1 : sizes[d];
            long[] places = Gathering.Indices(index, size, false, i => $"index_copy_(): index {i} is out of bounds for dimension {d} with size {size}");
            using (Tensor from = source.Dense())
            {
                for (int i = 0; i < places.Length; i++)
                {
                    using Tensor part = Rank == 0 ? Hidden() : Place(d, places[i]), values = source.Rank == 0 ? from.Hidden() : from.Place(d, i);
                    Copy.Elements(values, part);
                }
            }

            if (!Tape.Records(this, source)) return this;
            long[] shape = source.sizes;
            return Tape.Record(this, "IndexCopyBackward", [this, source], [index], (n, g) =>
                [n.Needs(0) ? g.index_fill(d, n.Saved(0), 0L) : null, n.Needs(1) ? g.index_select(d, n.Saved(0)).reshape(shape) : null]);
        }

        public Tensor index_copy(long dim, Tensor index, Tensor source) => clone().index_copy_(dim, index, source);

        /// <summary>self[.., index[i], ..] = value.</summary>
        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            int d = Shapes.Dim(dim, Rank);
            if (index.Rank > 1) throw new ExternalException("Index has to be a vector/scalar");
            if (index.type != ScalarType.Int64) throw new ExternalException("index_fill_(): Expected dtype int64 for index.");
            if (Tape.Records(this)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            ScalarRange.Require(value, type);
            using Tensor number = Numbers.Of(value, type);
            long size = Rank == 0 ? 1 : sizes[d];
            foreach (long place in Gathering.Indices(index, size, true, i => $"index {i} is out of bounds for dimension {d} with size {size}"))
            {
                using Tensor part = Rank == 0 ? Hidden() : Place(d, place);
                Copy.Elements(number, part);
            }

            return Tape.Records(this)
                ? Tape.Record(this, "IndexFillBackward", [this], [index], (n, g) => [g.index_fill(d, n.Saved(0), 0L)])
                : this;
        }

        public Tensor index_fill(long dim, Tensor index, Scalar value) => clone().index_fill_(dim, index, value);

        /// <summary>One place along a dimension, outside graph and scopes.</summary>
        Tensor Place(int d, long at) => Window(offset + at * strides[d], Without(sizes, d), Without(strides, d), false);

        static long[] Without(long[] values, int d) => values.Length == 0 ? [] : [.. values[..d], .. values[(d + 1)..]];
    }
}
