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

        /// <summary>The elements where the mask, broadcast, holds, in row-major order.</summary>
        public Tensor masked_select(Tensor mask)
        {
            if (mask.type != ScalarType.Bool) throw new System.Runtime.InteropServices.ExternalException("masked_select: expected BoolTensor for mask");
            long[] shape = Shapes.Broadcast(sizes, mask.sizes);
            using Tensor x = Expanded(shape), m = mask.Window(mask.offset, shape, Shapes.ExpandedStrides(mask, shape), false);
            return x.index(m);
        }
    }

    public static Tensor nonzero(Tensor input) => input.nonzero();

    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);
}
