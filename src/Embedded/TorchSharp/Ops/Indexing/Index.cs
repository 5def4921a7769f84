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
            get => select(0, i1);
            set => Assign([TensorIndex.Single(i1)], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => Indexed([i1, i2]);
            set => Assign([i1, i2], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => Indexed([i1, i2, i3]);
            set => Assign([i1, i2, i3], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Indexed([i1, i2, i3, i4]);
            set => Assign([i1, i2, i3, i4], value);
        }

        /// <summary>The part that the expression names; a view unless a tensor is among the indices.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => Indexed(indices);
            set => Assign(indices, value);
        }

        /// <summary>The elements at the places that the tensors name.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor index(params TensorIndex[] indices) => Indexed(indices);

        public Tensor index(params Tensor[] indices) => Advanced.Read(this, indices);

        /// <summary>Writes to the places that the tensors name; with <paramref name="accumulate"/> adds, in order.</summary>
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Advanced.Write(this, indices, value, accumulate);

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Advanced.Write(this, indices, value, false);

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using Tensor number = Numbers.Of(value, type);
            return Advanced.Write(this, indices, number, false);
        }

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using Tensor part = Basic(indices, out Tensor?[] tensors);
            if (tensors.Any(t => t is not null)) Advanced.Write(part, tensors, value, accumulate);
            else if (accumulate) part.add_(value);
            else part.copy_(value);
            return this;
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor number = Numbers.Of(value, type);
            return index_put_(number, indices, false);
        }

        void Assign(TensorIndex[] indices, Tensor value) => index_put_(value, indices, false);

        Tensor Indexed(ReadOnlySpan<TensorIndex> indices)
        {
            Tensor part = Basic(indices, out Tensor?[] tensors);
            if (tensors.All(t => t is null)) return part;
            using (part) return Advanced.Read(part, tensors);
        }

        /// <summary>Applies what gives a view; the tensors that remain stand at their dimensions of the result.</summary>
        Tensor Basic(ReadOnlySpan<TensorIndex> indices, out Tensor?[] tensors)
        {
            int named = 0;
            foreach (TensorIndex i in indices)
                named += i.kind is TensorIndex.Kind.Single or TensorIndex.Kind.Slice ? 1 : i.kind == TensorIndex.Kind.Tensor ? (i.tensor!.type == ScalarType.Bool ? i.tensor.Rank : 1) : 0;
            if (named > Rank) throw new ExternalException($"too many indices for tensor of dimension {Rank}");
            var remaining = new List<Tensor?>();
            Tensor current = alias();
            int d = 0;
            foreach (TensorIndex i in indices)
            {
                Tensor before = current;
                switch (i.kind)
                {
                    case TensorIndex.Kind.Ellipsis:
                        for (int skip = Rank - named; skip > 0; skip--, d++) remaining.Add(null);
                        continue;
                    case TensorIndex.Kind.Single:
                        current = current.select(d, i.start!.Value);
                        break;
                    case TensorIndex.Kind.Slice:
                        if (i.start is null && i.stop is null && i.step is null)
                        {
                            remaining.Add(null);
                            d++;
                            continue;
                        }
                        current = current.slice(d, i.start ?? 0, i.stop ?? long.MaxValue, i.step ?? 1);
                        remaining.Add(null);
                        d++;
                        break;
                    case TensorIndex.Kind.Tensor:
                        remaining.Add(i.tensor);
                        d += i.tensor!.type == ScalarType.Bool ? i.tensor.Rank : 1;
                        continue;
                    case TensorIndex.Kind.None:
                        current = current.unsqueeze(d);
                        remaining.Add(null);
                        d++;
                        break;
                    default:
                        throw new ArgumentException("An index of a single truth value is not supported; index with a tensor of them.");
                }
                before.Dispose();
            }
            tensors = [.. remaining];
            return current;
        }
    }
}
