using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>How many elements lie in each of <paramref name="bins"/> equal parts of [min, max], or of the elements' own range where both are equal.</summary>
        public unsafe Tensor histc(long bins = 100, long min = 0, long max = 0)
        {
            if (type is not (ScalarType.Float32 or ScalarType.Float64)) throw new ExternalException($"\"histogram_cpu\" not implemented for '{Names.Of(type)}'");
            if (bins <= 0) throw new ExternalException("bins must be > 0");
            using Tensor wide = Elementwise.As(this, ScalarType.Float64), dense = wide.Dense();
            double* x = dense.Ptr<double>();
            double low = min, high = max;
            if (low == high && Count > 0)
            {
                low = double.PositiveInfinity;
                high = double.NegativeInfinity;
                for (long i = 0; i < Count; i++) (low, high) = (Math.Min(low, x[i]), Math.Max(high, x[i]));
            }
            if (low == high) (low, high) = (low - 1, high + 1);
            if (!double.IsFinite(low) || !double.IsFinite(high)) throw new ExternalException($"range of [{low}, {high}] is not finite");
            if (low > high) throw new ExternalException("max must be larger than min");
            Tensor result = torch.zeros([bins], type);
            for (long i = 0; i < Count; i++)
            {
                if (!(x[i] >= low && x[i] <= high)) continue;
                long bin = Math.Min(bins - 1, (long)((x[i] - low) / (high - low) * bins));
                if (type == ScalarType.Float32) result.Ptr<float>()[bin]++;
                else result.Ptr<double>()[bin]++;
            }
            return result;
        }
    }

    public static Tensor histc(Tensor input, long bins = 100, long min = 0, long max = 0) => input.histc(bins, min, max);
}
