using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>a sigmoid(b), a and b being the halves along a dimension of even size (Dauphin et al. 2017).</summary>
        public Tensor glu(long dim = -1)
        {
            if (Rank == 0) throw new ExternalException("glu does not support 0-dimensional tensors");
            int d = Shapes.Dim(dim, Rank);
            long half = sizes[d] / 2;
            if (sizes[d] % 2 != 0) throw new ExternalException($"Halving dimension must be even, but dimension {d} is size {sizes[d]}");
            using Tensor a = narrow(d, 0, half), b = narrow(d, half, half), gate = b.sigmoid();
            return a.mul(gate);
        }

        /// <summary>x above 0, weight x elsewhere; a weight for all or one a channel (dimension 1).</summary>
        public Tensor prelu(Tensor target)
        {
            ArgumentNullException.ThrowIfNull(target);
            if (type != target.type) throw new ExternalException($"prelu: Type promoting not supported. Got {Names.Of(type)} and {Names.Of(target.type)}");
            if (target.Rank > 1) throw new ExternalException($"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {target.Rank}");
            long channels = Rank < 2 ? 1 : sizes[1];
            if (target.Count != 1 && target.Count != channels)
                throw new ExternalException($"Mismatch of parameter numbers and input channel size. Found parameter numbers = {target.Count}, and channel size = {channels}.");
            long[] shape = [.. Enumerable.Repeat(1L, Math.Max(1, Rank))];
            if (target.Count != 1) shape[1] = channels;
            using Tensor weight = target.view(Rank == 0 ? [] : shape), positive = gt(0L), scaled = mul(weight);
            return torch.where(positive, this, scaled);
        }
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor glu(Tensor input, long dim = -1) => input.glu(dim);

            public static Tensor prelu(Tensor input, Tensor weight) => input.prelu(weight);

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_() : x.sigmoid();

            public static Tensor SiLU(Tensor x, bool inplace = false) => silu(x, inplace);

            /// <summary>softmax(-x).</summary>
            public static Tensor softmin(Tensor x, long dim)
            {
                using Tensor negative = x.neg();
                return negative.softmax(dim);
            }

            /// <summary>The softmax over the channels of (C, H, W) or (N, C, H, W).</summary>
            public static Tensor softmax2d(Tensor x) => x.Rank is 3 or 4 ? x.softmax(-3) : throw new ExternalException("Softmax2d requires a 3D or 4D tensor as input");
        }
    }
}
