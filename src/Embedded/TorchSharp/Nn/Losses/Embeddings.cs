using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>1 - cos(x1, x2) where the target is 1, max(0, cos(x1, x2) - margin) where it is -1: inputs (N, d) or (d).</summary>
            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input1);
                ArgumentNullException.ThrowIfNull(input2);
                ArgumentNullException.ThrowIfNull(target);
                if (target.Rank > 1) throw new ExternalException("0D or 1D target tensor expected, multi-target not supported");
                if (input1.Rank != target.Rank + 1 || input2.Rank != target.Rank + 1)
                    throw new ExternalException($"{target.Rank}D target tensor expects {target.Rank + 1}D input tensors, but found inputs with sizes [{Shapes.Text(input1.sizes)}] and [{Shapes.Text(input2.sizes)}].");
                using DisposeScope scope = NewDisposeScope();
                Tensor product = input1.mul(input2).sum(-1), squares1 = input1.square().sum(-1).add(1e-12), squares2 = input2.square().sum(-1).add(1e-12);
                Tensor cosine = product.div(squares1.mul(squares2).sqrt());
                Tensor close = Losses.Where(target.eq(1L), cosine.neg().add(1L)), apart = Losses.Where(target.eq(-1L), cosine.sub(margin).clamp_min(0L));
                return Losses.Reduce(close.add(apart), reduction).MoveToOuterDisposeScope();
            }

            /// <summary>max(0, d(anchor, positive) - d(anchor, negative) + margin), d being the p-norm distance of rows.</summary>
            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1, long p = 2, double eps = 1e-06, bool swap = false, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(anchor);
                ArgumentNullException.ThrowIfNull(positive);
                ArgumentNullException.ThrowIfNull(negative);
                if (anchor.Rank != positive.Rank || anchor.Rank != negative.Rank)
                    throw new ExternalException($"All inputs should have same dimension but got {anchor.Rank}D, {positive.Rank}D and {negative.Rank}D inputs.");
                return Triplets(anchor, positive, negative, (a, b) => pairwise_distance(a, b, p, eps), margin, swap, reduction);
            }

            /// <summary>As <see cref="triplet_margin_loss"/> with a distance of one's own.</summary>
            public static Tensor triplet_margin_with_distance_loss(Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor>? distance = null, double margin = 1, bool swap = false, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(anchor);
                return Triplets(anchor, positive, negative, distance ?? ((a, b) => pairwise_distance(a, b)), margin, swap, reduction);
            }

            static Tensor Triplets(Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor> distance, double margin, bool swap, Reduction reduction)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor near = distance(anchor, positive), far = distance(anchor, negative);
                if (swap) far = far.minimum(distance(positive, negative));
                return Losses.Reduce(near.sub(far).add(margin).clamp_min(0L), reduction).MoveToOuterDisposeScope();
            }
        }
    }
}
