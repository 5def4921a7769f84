using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The sum of all elements, NaN counting as 0.</summary>
        public Tensor nansum()
        {
            using Tensor nan = isnan(), clean = Dtypes.IsFloating(type) ? masked_fill(nan, 0.0) : alias();
            return clean.sum();
        }

        /// <summary>The mean along a dimension, or of all elements, without the NaN.</summary>
        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null)
        {
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"nanmean(): expected input to have floating point or complex dtype but got {Names.Of(type)}");
            using Tensor nan = isnan(), clean = masked_fill(nan, 0.0), good = nan.logical_not();
            long[] over = dim is { } d ? [d] : [];
            using Tensor sum = clean.Summed(over, keepdim, dtype), count = good.Summed(over, keepdim, null);
            return sum.div(count);
        }
    }

    public static Tensor nansum(Tensor input) => input.nansum();

    public static Tensor nanmean(Tensor input, int? dim = null, bool keepdim = false, ScalarType? dtype = null) => input.nanmean(dim, keepdim, dtype);
}
