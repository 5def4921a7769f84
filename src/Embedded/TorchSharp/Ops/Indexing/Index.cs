using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => Indexed([i1]);
            set => Assign([i1], value, false);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => Indexed([i1, i2]);
            set => Assign([i1, i2], value, false);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => Indexed([i1, i2, i3]);
            set => Assign([i1, i2, i3], value, false);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Indexed([i1, i2, i3, i4]);
            set => Assign([i1, i2, i3, i4], value, false);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => Indexed([i1, i2, i3, i4, i5]);
            set => Assign([i1, i2, i3, i4, i5], value, false);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => Indexed([i1, i2, i3, i4, i5, i6]);
            set => Assign([i1, i2, i3, i4, i5, i6], value, false);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => Indexed(Array.ConvertAll(indices, i => (TensorIndex)i));
            set => Assign(Array.ConvertAll(indices, i => (TensorIndex)i), value, false);
        }

        /// <summary>The part that the expression names; a view unless a tensor is among the indices.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => Indexed(indices);
            set => Assign(indices, value, false);
        }

        /// <summary>The elements at the places that the tensors name.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor index(params TensorIndex[] indices) => Indexed(indices);

        public Tensor index(params Tensor[] indices) => Indexed(Array.ConvertAll(indices, TensorIndex.Tensor));

        /// <summary>Writes to the places that the tensors name; with <paramref name="accumulate"/> adds, in order.</summary>
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Assign(Array.ConvertAll(indices, TensorIndex.Tensor), value, accumulate);

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Assign(Array.ConvertAll(indices, TensorIndex.Tensor), value, false);

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            ArgumentNullException.ThrowIfNull(indices);
            if (accumulate && !indices.Any(i => i.kind == TensorIndex.Kind.Tensor))
                throw new Exception("Invalid 'indices' parameter. Must be an array of TensorIndex objects containing tensors with indices that match the shape of the tensor to update");
            return Assign(indices, value, accumulate);
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => Assign(indices, value, false);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor number = Numbers.Of(value, type);
            return Assign(indices, number, false);
        }

        Tensor Assign(TensorIndex[] indices, Tensor value, bool accumulate)
        {
            ArgumentNullException.ThrowIfNull(value);
            Tensor part = Basic(indices, out Tensor?[] tensors);
            using Tensor? own = ReferenceEquals(part, this) ? null : part;
            // What is assigned may have leading dimensions of size 1 that the place has not.
            int extra = 0;
            while (extra < value.Rank && value.sizes[extra] == 1) extra++;
            using Tensor stripped = extra == 0 || value.sizes.AsSpan().SequenceEqual(part.sizes) ? value.alias() : value.reshape(value.sizes[extra..]);
            if (tensors.Any(t => t is not null)) Advanced.Write(part, tensors, stripped, accumulate);
            else
            {
                using Tensor wide = stripped.expand(part.sizes);
                part.copy_(wide);
            }

            return this;
        }

        Tensor Indexed(ReadOnlySpan<TensorIndex> indices)
        {
            Tensor part = Basic(indices, out Tensor?[] tensors);
            bool whole = ReferenceEquals(part, this);
            if (tensors.All(t => t is null)) return whole ? alias() : part;
            using (whole ? null : part) return Advanced.Read(part, tensors);
        }

        /// <summary>Applies what gives a view, or gives this tensor itself; the tensors that remain stand at their dimensions of the result.</summary>
        Tensor Basic(ReadOnlySpan<TensorIndex> indices, out Tensor?[] tensors)
        {
            int named = 0;
            foreach (TensorIndex i in indices)
                named += i.kind is TensorIndex.Kind.Single or TensorIndex.Kind.Slice ? 1 : i.kind == TensorIndex.Kind.Tensor ? (i.tensor!.type is ScalarType.Bool or ScalarType.Byte ? i.tensor.Rank : 1) : 0;
            if (Rank == 0 && indices.Length > 0 && indices[0].kind == TensorIndex.Kind.Single)
                throw new ExternalException("invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number");
            if (named > Rank) throw new ExternalException($"too many indices for tensor of dimension {Rank}");
            var remaining = new List<Tensor?>();
            Tensor current = this;
            int d = 0;
            foreach (TensorIndex i in indices)
            {
                Tensor before = current;
                switch (i.kind)
                {
                    case TensorIndex.Kind.Ellipsis:
                        for (int skip = Rank - named; skip > 0; skip--, d++) remaining.Add(null);
                        break;
                    case TensorIndex.Kind.Single:
                        current = current.At(d, i.start!.Value);
                        break;
                    case TensorIndex.Kind.Slice:
                        if ((i.step ?? 1) <= 0) throw new ExternalException("step must be greater than zero");
                        if (i.start is not null || i.stop is not null || i.step is not null) current = current.slice(d, i.start ?? 0, i.stop ?? long.MaxValue, i.step ?? 1);
                        remaining.Add(null);
                        d++;
                        break;
                    case TensorIndex.Kind.None:
                        current = current.unsqueeze(d);
                        remaining.Add(null);
                        d++;
                        break;
                    case TensorIndex.Kind.Bool:
                        current = current.unsqueeze(d);
                        remaining.Add(Chosen(i.start != 0));
                        d++;
                        break;
                    case TensorIndex.Kind.Tensor when i.tensor!.Rank == 0 && i.tensor.type is ScalarType.Bool or ScalarType.Byte && i.tensor!.Rank == 0:
                        current = current.unsqueeze(d);
                        remaining.Add(Chosen(i.tensor.ToScalar().ToBoolean()));
                        d++;
                        break;
                    case TensorIndex.Kind.Tensor when i.tensor!.Rank == 0 && Dtypes.IsIntegral(i.tensor.type):
                        current = current.At(d, i.tensor.ToScalar().Whole);
                        break;
                    default:
                        remaining.Add(i.tensor);
                        d += i.tensor!.type is ScalarType.Bool or ScalarType.Byte ? i.tensor.Rank : 1;
                        break;
                }

                if (!ReferenceEquals(before, current) && !ReferenceEquals(before, this)) before.Dispose();
            }

            tensors = [.. remaining];
            return current;
        }

        /// <summary>One place along a dimension, with the message of an index expression.</summary>
        Tensor At(int d, long place)
        {
            if (place < -sizes[d] || place >= sizes[d]) throw new ExternalException($"index {place} is out of bounds for dimension {d} with size {sizes[d]}");
            return select(d, place);
        }

        /// <summary>What a single truth value picks of a dimension of size 1.</summary>
        static Tensor Chosen(bool value) => zeros([value ? 1 : 0], ScalarType.Int64);
    }
}
