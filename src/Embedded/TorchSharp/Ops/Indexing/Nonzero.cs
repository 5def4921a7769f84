using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The places of the elements other than 0, (count, rank), in row-major order.</summary>
        public unsafe Tensor nonzero()
        {
            using Tensor flags = Elementwise.As(this, ScalarType.Bool);
            using Tensor dense = flags.Dense();
            byte* p = dense.Ptr<byte>();
            long n = Count, hits = 0;
            for (long i = 0; i < n; i++)
                if (p[i] != 0) hits++;
            Tensor result = Create([hits, Rank], ScalarType.Int64);
            long* to = result.Ptr<long>();
            for (long i = 0; i < n; i++)
            {
                if (p[i] == 0) continue;
                long rest = i;
                for (int d = Rank - 1; d >= 0; d--)
                {
                    to[d] = rest % sizes[d];
                    rest /= sizes[d];
                }

                to += Rank;
            }

            return result;
        }

        public Tensor argwhere() => nonzero();

        /// <summary>The places of the elements other than 0, an index tensor a dimension.</summary>
        public IList<Tensor> nonzero_as_list()
        {
            using Tensor whole = Rank == 0 ? reshape(1) : Hidden(), places = whole.nonzero();
            var result = new Tensor[whole.Rank];
            for (int d = 0; d < result.Length; d++)
            {
                using Tensor column = places.select(1, d);
                result[d] = column.contiguousCopy();
            }

            return result;
        }

        /// <summary>The elements where the mask, broadcast, holds, in row-major order.</summary>
        public Tensor masked_select(Tensor mask)
        {
            ArgumentNullException.ThrowIfNull(mask);
            if (mask.type != ScalarType.Bool) throw new ExternalException("masked_select: expected BoolTensor for mask");
            long[] shape = Shapes.Broadcast(sizes, mask.sizes);
            using Tensor x = Expanded(shape), m = mask.Window(mask.offset, shape, Shapes.ExpandedStrides(mask, shape), false);
            return Rank == 0 && mask.Rank == 0 ? x.reshape(1).index(m.reshape(1)) : x.index(m);
        }

        /// <summary>The elements of <paramref name="value"/>, one after the other, where the mask, broadcast, holds.</summary>
        public Tensor masked_scatter_(Tensor mask, Tensor value)
        {
            ArgumentNullException.ThrowIfNull(mask);
            ArgumentNullException.ThrowIfNull(value);
            if (value.type != type) throw new ExternalException($"masked_scatter: expected self and source to have same dtypes but got {Names.Of(type)} and {Names.Of(value.type)}");
            if (mask.type != ScalarType.Bool) throw new ExternalException($"masked_scatter_ only supports boolean masks, but got mask with dtype {mask.type}");
            long[] full = Shapes.Broadcast(sizes, mask.sizes);
            if (!full.AsSpan().SequenceEqual(sizes))
                throw new ExternalException($"output with shape [{Shapes.Text(sizes)}] doesn't match the broadcast shape [{Shapes.Text(full)}]");
            using Tensor wide = mask.expand(sizes).reshape(-1), places = wide.nonzero().reshape(-1);
            if (value.Count < places.Count) throw new ExternalException("Number of elements of source < number of ones in mask");
            using Tensor used = value.reshape(-1).narrow(0, 0, places.Count);
            IList<Tensor> at = mask.expand(sizes).nonzero_as_list();
            if (Rank == 0)
            {
                if (places.Count > 0) copy_(used.reshape());
                return this;
            }

            return index_put_(used, [.. at]);
        }

        public Tensor masked_scatter(Tensor mask, Tensor value) => Broadcast(mask).masked_scatter_(mask, value);

        /// <summary>A copy of the shape that this tensor and a mask broadcast to.</summary>
        Tensor Broadcast(Tensor mask) => Expanded(Shapes.Broadcast(sizes, mask.sizes)).clone();
    }
}
