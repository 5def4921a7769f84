using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>-(t log x + (1 - t) log(1 - x)) of probabilities; logarithms are held above -100.</summary>
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                Losses.SameSize(input, target, $"Using a target size ([{Shapes.Text(target.sizes)}]) that is different to the input size ([{Shapes.Text(input.sizes)}]) is deprecated. Please ensure they have the same size.");
                using DisposeScope scope = NewDisposeScope();
                Tensor losses;
                using (no_grad())
                {
                    if (!input.ge(0L).logical_and(input.le(1L)).all().ToBoolean()) throw new ExternalException("all elements of input should be between 0 and 1");
                    Tensor log = input.log().clamp_min(-100L), logRest = input.neg().log1p().clamp_min(-100L);
                    losses = target.sub(1L).mul(logRest).sub(target.mul(log));
                }
                if (Tape.Records(input, target))
                    Tape.Record(losses, "BinaryCrossEntropyBackward", [input, target], [input, target], (n, g) =>
                    {
                        Tensor x = n.Saved(0), t = n.Saved(1), rest = x.neg().add(1L);
                        return
                        [
                            n.Needs(0) ? g.mul(x.sub(t)).div(x.mul(rest).clamp_min(1e-12)) : null,
                            n.Needs(1) ? g.mul(rest.log().sub(x.log())) : null,
                        ];
                    });
                if (weight is not null) losses = losses.mul(weight);
                return Losses.Reduce(losses, reduction).MoveToOuterDisposeScope();
            }

            /// <summary>The binary cross entropy of sigmoid(input), computed without overflow; <paramref name="pos_weights"/> weighs the positive class.</summary>
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                Losses.SameSize(input, target, $"Target size ([{Shapes.Text(target.sizes)}]) must be the same as input size ([{Shapes.Text(input.sizes)}])");
                using DisposeScope scope = NewDisposeScope();
                Tensor positive = input.log_sigmoid();
                if (pos_weights is not null) positive = target.mul(pos_weights.sub(1L)).add(1L).mul(positive);
                Tensor losses = target.neg().add(1L).mul(input).sub(positive);
                if (weight is not null) losses = losses.mul(weight);
                return Losses.Reduce(losses, reduction).MoveToOuterDisposeScope();
            }
        }
    }
}
