using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The order along dimensions reversed.</summary>
        public Tensor flip(params long[] dims)
        {
            Shapes.Mask(dims, Rank); // checks them
            Tensor result = clone();
            foreach (long dim in dims)
            {
                int d = Shapes.Dim(dim, Rank);
                if (Rank == 0) continue;
                using Tensor places = torch.arange(sizes[d] - 1, -1, -1, ScalarType.Int64), before = result;
                result = before.index_select(d, places);
            }
            return result;
        }

        /// <summary>Left and right exchanged.</summary>
        public Tensor fliplr() => Rank >= 2 ? flip(1) : throw new ExternalException("Input must be >= 2-d.");

        /// <summary>Up and down exchanged.</summary>
        public Tensor flipud() => Rank >= 1 ? flip(0) : throw new ExternalException("Input must be >= 1-d.");
    }

    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    public static Tensor fliplr(Tensor input) => input.fliplr();

    public static Tensor flipud(Tensor input) => input.flipud();
}
