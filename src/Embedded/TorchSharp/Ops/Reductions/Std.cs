using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The standard deviation of all elements; <paramref name="unbiased"/> divides by n - 1.</summary>
        public Tensor std(bool unbiased = true) => SpreadRoot([], unbiased, false, null);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => SpreadRoot([dim], unbiased, keepdim, type);

        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => SpreadRoot([dim.Item1, dim.Item2], unbiased, keepdim, type);

        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => SpreadRoot([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

        /// <summary>The standard deviation over dimensions.</summary>
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => SpreadRoot(dimensions, unbiased, keepdim, type);

        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => SpreadRoot(dimensions, unbiased, keepdim, type);

        Tensor SpreadRoot(ReadOnlySpan<long> dims, bool unbiased, bool keepdim, ScalarType? to)
        {
            Tensor result = Deviation(dims, unbiased, keepdim, to, out Tensor mean);
            mean.Dispose();
            return result;
        }

        Tensor Deviation(ReadOnlySpan<long> dims, bool unbiased, bool keepdim, ScalarType? to, out Tensor mean)
        {
            if (!Tape.Records(this))
            {
                using Tensor variance = Variance(dims, unbiased, keepdim, to, out mean);
                return variance.sqrt();
            }
            Tensor result;
            using (IDisposable mode = no_grad()) result = Deviation(dims, unbiased, keepdim, to, out mean);
            long[] over = dims.ToArray(), kept = KeptShape(Shapes.Mask(dims, Rank));
            mean = Averaged(dims, keepdim, to);
            return Tape.Record(result, "StdBackward", [this], [this, result], (n, g) =>
            {
                Tensor x = n.Saved(0), std = n.Saved(1).view(kept);
                long count = Shapes.Numel(x.sizes) / Math.Max(1, Shapes.Numel(kept));
                Tensor scaled = g.view(kept).div(std.mul((double)(unbiased ? count - 1 : count))).masked_fill(std.eq(0), 0.0);
                return [x.sub(x.Averaged(over, true, null)).mul(scaled)];
            });
        }
    }

    public static Tensor std(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std(dimensions, unbiased, keepdim, type);

    public static Tensor std(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std(dimensions, unbiased, keepdim, type);

    public static Tensor std(Tensor input, bool unbiased = true) => input.std(unbiased);

    public static Tensor std(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std(dimensions, unbiased, keepdim, type);

    public static Tensor std(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std(dimensions, unbiased, keepdim, type);
}
