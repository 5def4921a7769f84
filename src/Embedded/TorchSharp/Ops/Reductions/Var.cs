using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The variance of all elements; <paramref name="unbiased"/> divides by n - 1.</summary>
        public Tensor var(bool unbiased = true) => Spread([], unbiased, false, null);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Spread([dim], unbiased, keepdim, type);

        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Spread([dim.Item1, dim.Item2], unbiased, keepdim, type);

        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Spread([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

        /// <summary>The variance over dimensions.</summary>
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Spread(dimensions, unbiased, keepdim, type);

        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Spread(dimensions, unbiased, keepdim, type);

        Tensor Spread(ReadOnlySpan<long> dims, bool unbiased, bool keepdim, ScalarType? to)
        {
            Tensor result = Variance(dims, unbiased, keepdim, to, out Tensor mean);
            mean.Dispose();
            return result;
        }

        Tensor Variance(ReadOnlySpan<long> dims, bool unbiased, bool keepdim, ScalarType? to, out Tensor mean)
        {
            if (!Dtypes.IsFloating(type) && to is null) throw new ExternalException("std and var only support floating point and complex dtypes");
            using DisposeScope scope = NewDisposeScope();
            bool[] mask = Shapes.Mask(dims, Rank);
            long n = 1;
            for (int d = 0; d < Rank; d++)
                if (mask[d]) n *= sizes[d];
            mean = Averaged(dims, true, to);
            Tensor sum = sub(mean).square().Summed(dims, keepdim, to);
            // Of too few elements there is no variance: 0 / 0.
            Tensor result = sum.div((double)Math.Max(0, unbiased ? n - 1 : n));
            if (!keepdim) mean = mean.reshape(result.sizes);
            scope.MoveToOuter(mean);
            return scope.MoveToOuter(result);
        }
    }

    public static Tensor var(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var(dimensions, unbiased, keepdim, type);

    public static Tensor var(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var(dimensions, unbiased, keepdim, type);

    public static Tensor var(Tensor input, bool unbiased = true) => input.var(unbiased);

    public static Tensor var(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var(dimensions, unbiased, keepdim, type);

    public static Tensor var(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var(dimensions, unbiased, keepdim, type);
}
