using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of the losses of single rows.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            /// <summary>
            /// The cross entropy of logits (C), (N, C) or (N, C, ..) with target classes (), (N) or (N, ..), int64, or with
            /// probabilities of the logits' shape. Target classes of <paramref name="ignore_index"/> count for nothing; the
            /// mean is over the others.
            /// </summary>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                if (label_smoothing is < 0 or > 1) throw new ExternalException($"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}");
                if (input.Rank > 0 && input.sizes.AsSpan().SequenceEqual(target.sizes)) return SoftCrossEntropy(input, target, weight, ignore_index, reduction, label_smoothing);
                if (input.Rank == 1) return cross_entropy(input.unsqueeze(0), target.unsqueeze(0), weight, ignore_index, reduction, label_smoothing).reshape(reduction == Reduction.None ? target.sizes : []);
                if (target.type != ScalarType.Int64) throw new ExternalException($"expected scalar type Long but found {Names.Of(target.type)}");
                if (input.Count / Math.Max(1, input.sizes[1]) != target.Count || (input.Rank == 2 && target.Rank != 1))
                    throw new ExternalException($"Expected input batch_size ({input.sizes[0]}) to match target batch_size ({(target.Rank > 0 ? target.sizes[0] : 1)}).");
                if (weight is not null)
                {
                    CheckClasses(input, target, weight, ignore_index);
                    return WeightedCrossEntropy(input, target, weight, ignore_index, reduction, label_smoothing);
                }
                Tensor logits = input.Rank == 2 ? input : input.movedim([1], [-1]).reshape(-1, input.sizes[1]);
                using Tensor labels = target.Dense();
                Tensor losses = RowLosses(logits, labels, ignore_index, label_smoothing);
                if (!ReferenceEquals(logits, input)) logits.Dispose();
                if (reduction == Reduction.None)
                {
                    if (target.Rank == 1) return losses;
                    using (losses) return losses.view(target.sizes);
                }
                using (losses)
                {
                    if (reduction == Reduction.Sum) return losses.sum();
                    using Tensor sum = losses.sum();
                    return sum.div((double)CountOther(labels, ignore_index));
                }
            }

            /// <summary>How many labels aren't <paramref name="ignore"/>.</summary>
            static unsafe long CountOther(Tensor labels, long ignore)
            {
                long* y = labels.Ptr<long>();
                long count = 0;
                for (long i = 0; i < labels.Count; i++)
                    if (y[i] != ignore) count++;
                return count;
            }

            static unsafe Tensor RowLosses(Tensor logits, Tensor labels, long ignore, double smoothing)
            {
                if (!Dtypes.IsFloating(logits.type)) throw new ExternalException($"\"log_softmax_lastdim_kernel_impl\" not implemented for '{Names.Of(logits.type)}'");
                if (logits.type is ScalarType.Float16 or ScalarType.BFloat16) return RowLosses(logits.@float(), labels, ignore, smoothing).to_type(logits.type);
                long rows = logits.sizes[0], n = logits.sizes[1];
                long* y = labels.Ptr<long>();
                for (long r = 0; r < rows; r++)
                    if (y[r] != ignore && (ulong)y[r] >= (ulong)n) throw new ExternalException($"Target {y[r]} is out of bounds.");
                Tensor losses = Tensor.Create([rows], logits.type);
                using Tensor x = logits.Dense(), lse = Tensor.Create([rows], logits.type, false);
                if (x.type == ScalarType.Float64) CrossEntropies.Forward(x.Ptr<double>(), y, losses.Ptr<double>(), lse.Ptr<double>(), rows, n, ignore, smoothing);
                else Kernels.CrossEntropyRows.Forward(x.Ptr<float>(), y, losses.Ptr<float>(), lse.Ptr<float>(), rows, (int)n, (float)smoothing, ignore);
                if (!Tape.Records(logits)) return losses;
                return Tape.Record(losses, "CrossEntropyBackward", [logits], [x, labels, lse, logits], (node, g) =>
                {
                    if (Tape.Records(node.Saved(3), g)) return [RowLossGradient(node.Saved(3), node.Saved(1), g, ignore, smoothing)];
                    Tensor dx = Tensor.Create([rows, n], g.type);
                    using Tensor dy = g.Dense();
                    Tensor saved = node.Saved(0), z = node.Saved(2);
                    long* targets = node.Saved(1).Ptr<long>();
                    if (g.type == ScalarType.Float64) CrossEntropies.Backward(saved.Ptr<double>(), targets, dy.Ptr<double>(), z.Ptr<double>(), dx.Ptr<double>(), rows, n, ignore, smoothing);
                    else Kernels.CrossEntropyRows.Backward(saved.Ptr<float>(), targets, z.Ptr<float>(), dy.Ptr<float>(), dx.Ptr<float>(), rows, (int)n, (float)smoothing, ignore);
                    return [dx];
                });
            }

            /// <summary>g (softmax(x) - q), q the smoothed target, by operations that have gradients themselves; 0 for what is ignored.</summary>
            static Tensor RowLossGradient(Tensor logits, Tensor labels, Tensor g, long ignore, double smoothing)
            {
                labels = labels.reshape(-1);
                Tensor none = labels.eq(ignore);
                Tensor target = zeros_like(logits).scatter_(1, labels.masked_fill(none, 0L).unsqueeze(1), ones([labels.Count, 1], logits.type));
                if (smoothing > 0) target = target.mul(1 - smoothing).add(smoothing / logits.sizes[1]);
                return logits.softmax(1).sub(target).mul(g.masked_fill(none, 0L).unsqueeze(1));
            }

            /// <summary>By the definition, with a weight a class.</summary>
            static Tensor WeightedCrossEntropy(Tensor input, Tensor target, Tensor weight, long ignore, Reduction reduction, double smoothing)
            {
                Tensor logits = input.Rank == 2 ? input : input.movedim([1], [-1]).reshape(-1, input.sizes[1]);
                Tensor labels = target.reshape(-1), valid = labels.ne(ignore), safe = labels.masked_fill(valid.logical_not(), 0L);
                Tensor logp = logits.log_softmax(1), flags = valid.to_type(input.type);
                Tensor w = weight.index_select(0, safe).mul(flags);
                Tensor losses = logp.gather(1, safe.unsqueeze(1)).squeeze(1).mul(w).neg().mul(1 - smoothing);
                if (smoothing > 0) losses = losses.add(logp.mul(weight).sum(1).neg().mul(flags).mul(smoothing / input.sizes[1]));
                return reduction switch
                {
                    Reduction.None => losses.view(target.sizes),
                    Reduction.Sum => losses.sum(),
                    _ => losses.sum().div(w.sum()),
                };
            }
        }
    }
}
