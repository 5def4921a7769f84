using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The mean of all elements.</summary>
        public Tensor mean() => Averaged([], false, null);

        /// <summary>Means over the given dimensions.</summary>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Averaged(dimensions, keepdim, type);

        Tensor Averaged(ReadOnlySpan<long> dims, bool keepdim, ScalarType? to)
        {
            if (to is null && !Dtypes.IsFloating(type))
                throw new ExternalException($"mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {Names.Of(type)}");
            bool[] mask = Shapes.Mask(dims, Rank);
            long n = 1;
            for (int d = 0; d < Rank; d++)
                if (mask[d]) n *= sizes[d];
            using Tensor sum = Summed(dims, keepdim, to);
            return sum.div((double)n);
        }
    }

    public static Tensor mean(Tensor input) => input.mean();

    public static Tensor mean(Tensor input, long[] dimensions, bool keepdim = false, ScalarType? type = null) => input.mean(dimensions, keepdim, type);
}
