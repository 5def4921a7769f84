namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>The p-norm of x1 - x2 + eps over the last dimension.</summary>
            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1e-06, bool keepdim = false)
            {
                ArgumentNullException.ThrowIfNull(input1);
                ArgumentNullException.ThrowIfNull(input2);
                using DisposeScope scope = NewDisposeScope();
                return VectorNorm.Of(input1.sub(input2).add(eps), p, -1, keepdim).MoveToOuterDisposeScope();
            }

            /// <summary>The cosine of the angle between vectors along a dimension; norms are held above <paramref name="eps"/>.</summary>
            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-08)
            {
                ArgumentNullException.ThrowIfNull(x1);
                ArgumentNullException.ThrowIfNull(x2);
                using DisposeScope scope = NewDisposeScope();
                long[] shape = Shapes.Broadcast(x1.sizes, x2.sizes);
                Tensor a = x1.expand(shape), b = x2.expand(shape);
                Tensor first = a.div(VectorNorm.Of(a, 2, dim, true).clamp_min(eps)), second = b.div(VectorNorm.Of(b, 2, dim, true).clamp_min(eps));
                return first.mul(second).sum(dim).MoveToOuterDisposeScope();
            }

            /// <summary>Divides vectors along a dimension by their p-norms, which are held above <paramref name="eps"/>.</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                ArgumentNullException.ThrowIfNull(input);
                using DisposeScope scope = NewDisposeScope();
                return input.div(VectorNorm.Of(input, p, dim, true).clamp_min(eps)).MoveToOuterDisposeScope();
            }
        }
    }
}
