using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>max(0, -t (x1 - x2) + margin): t = 1 where the first should rank higher, -1 where the second.</summary>
            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input1);
                ArgumentNullException.ThrowIfNull(input2);
                ArgumentNullException.ThrowIfNull(target);
                if (input1.Rank != input2.Rank || input1.Rank != target.Rank)
                    throw new ExternalException($"margin_ranking_loss: All input tensors should have same dimension but got sizes: input1: [{Shapes.Text(input1.sizes)}], input2: [{Shapes.Text(input2.sizes)}], target: [{Shapes.Text(target.sizes)}] ");
                using DisposeScope scope = NewDisposeScope();
                return Losses.Reduce(target.neg().mul(input1.sub(input2)).add(margin).clamp_min(0L), reduction).MoveToOuterDisposeScope();
            }

            /// <summary>x where the target is 1, max(0, margin - x) where it is -1.</summary>
            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                using DisposeScope scope = NewDisposeScope();
                Tensor apart = Losses.Where(target.ne(1L), input.neg().add(margin).clamp_min(0L)), close = Losses.Where(target.ne(-1L), input);
                return Losses.Reduce(apart.add(close), reduction).MoveToOuterDisposeScope();
            }

            /// <summary>log(1 + exp(-t x)), t being 1 or -1.</summary>
            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                using DisposeScope scope = NewDisposeScope();
                return Losses.Reduce(target.mul(input).log_sigmoid().neg(), reduction).MoveToOuterDisposeScope();
            }

            /// <summary>The mean over classes of the binary cross entropies of logits (.., C).</summary>
            public static Tensor multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                using DisposeScope scope = NewDisposeScope();
                Tensor losses = target.mul(input.log_sigmoid()).add(target.neg().add(1L).mul(input.neg().log_sigmoid())).neg();
                if (weight is not null) losses = losses.mul(weight);
                return Losses.Reduce(losses.sum(-1).div((double)input.sizes[^1]), reduction).MoveToOuterDisposeScope();
            }

            /// <summary>sum over j != y of max(0, margin - x[y] + x[j])^p w[y] / C: scores (N, C) or (C), classes (N) or ().</summary>
            public static Tensor multi_margin_loss(Tensor input, Tensor target, int p = 1, double margin = 1, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                if (p is not (1 or 2)) throw new ExternalException("only p == 1 and p == 2 supported");
                using DisposeScope scope = NewDisposeScope();
                Tensor x = input.Rank < 2 ? input.reshape(1, -1) : input, y = target.reshape(-1);
                if (y.Count != x.sizes[0]) throw new ExternalException($"inconsistent target size, expected {x.sizes[0]} but got [{Shapes.Text(target.sizes)}]");
                long classes = x.sizes[1];
                Tensor other = arange(classes, ScalarType.Int64).unsqueeze(0).ne(y.unsqueeze(1)); // (N, C)
                Tensor excess = x.sub(x.gather(1, y.unsqueeze(1))).add(margin).clamp_min(0L);
                if (p == 2) excess = excess.square();
                if (weight is not null) excess = excess.mul(weight.index_select(0, y).unsqueeze(1));
                Tensor losses = Losses.Where(other, excess).sum(1).div((double)classes);
                return Losses.Reduce(target.Rank == 0 ? losses.reshape([]) : losses, reduction).MoveToOuterDisposeScope();
            }

            /// <summary>
            /// sum over classes j of the target and i outside it of max(0, 1 - x[j] + x[i]) / C. A row of the target (N, C) holds
            /// its classes, ended by -1.
            /// </summary>
            public static Tensor multi_label_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                if (!input.sizes.AsSpan().SequenceEqual(target.sizes)) throw new ExternalException($"inconsistent target size: [{Shapes.Text(target.sizes)}] for input of size: [{Shapes.Text(input.sizes)}]");
                using DisposeScope scope = NewDisposeScope();
                Tensor x = input.reshape(-1, input.Rank == 0 ? 1 : input.sizes[^1]), y = target.reshape(x.sizes);
                long classes = x.sizes[1];
                Tensor listed = cumsum(y.lt(0L).to_type(ScalarType.Int64), 1).eq(0L), safe = y.masked_fill(listed.logical_not(), 0L);
                Tensor inside = zeros(x.sizes, x.type).scatter_add(1, safe, listed.to_type(x.type)).gt(0L);
                Tensor pairs = x.unsqueeze(1).sub(x.gather(1, safe).unsqueeze(2)).add(1L).clamp_min(0L); // (N, j, i)
                Tensor counted = listed.unsqueeze(2).logical_and(inside.logical_not().unsqueeze(1));
                Tensor losses = Losses.Where(counted, pairs).sum([1L, 2L]).div((double)classes);
                return Losses.Reduce(input.Rank < 2 ? losses.reshape([]) : losses, reduction).MoveToOuterDisposeScope();
            }
        }
    }
}
