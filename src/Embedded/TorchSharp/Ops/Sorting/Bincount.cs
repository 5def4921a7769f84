using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>How often each whole number from 0 on is there, or the sum of its weights.</summary>
        public unsafe Tensor bincount(Tensor? weights, long minlength = 0)
        {
            if (Rank != 1 || !Dtypes.IsIntegral(type)) throw new ExternalException("bincount only supports 1-d non-negative integral inputs.");
            if (minlength < 0) throw new ExternalException("minlength should be >= 0");
            if (weights is not null && (weights.Rank != 1 || weights.sizes[0] != sizes[0])) throw new ExternalException("weights should be 1-d and have the same length as input");
            using Tensor wide = Elementwise.As(this, ScalarType.Int64), dense = wide.Dense();
            long n = Count, bins = minlength;
            long* x = dense.Ptr<long>();
            for (long i = 0; i < n; i++)
            {
                if (x[i] < 0) throw new ExternalException("bincount only supports 1-d non-negative integral inputs.");
                bins = Math.Max(bins, x[i] + 1);
            }
            ScalarType to = weights is null ? ScalarType.Int64 : weights.type == ScalarType.Float32 ? ScalarType.Float32 : ScalarType.Float64;
            Tensor result = torch.zeros([bins], to);
            if (weights is null)
            {
                for (long i = 0; i < n; i++) result.Ptr<long>()[x[i]]++;
                return result;
            }
            using Tensor converted = Elementwise.As(weights, to), w = converted.Dense();
            for (long i = 0; i < n; i++)
            {
                if (to == ScalarType.Float32) result.Ptr<float>()[x[i]] += w.Ptr<float>()[i];
                else result.Ptr<double>()[x[i]] += w.Ptr<double>()[i];
            }
            return result;
        }

        internal Tensor bincount() => bincount(null);
    }

    public static Tensor bincount(Tensor input, Tensor? weights = null, long minlength = 0) => input.bincount(weights, minlength);
}
