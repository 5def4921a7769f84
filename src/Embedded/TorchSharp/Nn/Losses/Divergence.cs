namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>t (log t - input), input being log-probabilities; with <paramref name="log_target"/> the target is of logarithms too.</summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                using DisposeScope scope = NewDisposeScope();
                Tensor losses = log_target ? target.exp().mul(target.sub(input)) : Losses.XLogX(target).sub(target.mul(input));
                return Losses.Reduce(losses, reduction).MoveToOuterDisposeScope();
            }

            /// <summary>The negative log-likelihood of counts under a Poisson distribution of rate exp(input), or input; <paramref name="full"/> adds Stirling's term.</summary>
            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false, float eps = 1e-8f, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                using DisposeScope scope = NewDisposeScope();
                Tensor losses = log_input ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
                if (full)
                {
                    Tensor large = where(target.gt(1L), target, ones([], target.type));
                    Tensor stirling = large.mul(large.log()).sub(large).add(large.mul(2 * Math.PI).log().mul(0.5));
                    losses = losses.add(Losses.Where(target.gt(1L), stirling));
                }
                return Losses.Reduce(losses, reduction).MoveToOuterDisposeScope();
            }

            /// <summary>
            /// (log v + (input - target)^2 / v) / 2 summed over each row, v being the variance held above <paramref name="eps"/>;
            /// <paramref name="full"/> adds the constant. No gradient goes to the variance, as in TorchSharp.
            /// </summary>
            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false, float eps = 1e-6f, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                ArgumentNullException.ThrowIfNull(variance);
                using DisposeScope scope = NewDisposeScope();
                Tensor x = input.reshape(input.sizes[0], -1), t = target.reshape(target.sizes[0], -1), v = variance.reshape(t.sizes[0], -1);
                if (v.sizes[1] != x.sizes[1] && v.sizes[1] != 1) throw new ArgumentException("variance has the wrong shape");
                if (v.lt(0L).any().ToBoolean()) throw new ArgumentException("variance has negative entry/entries");
                using (no_grad()) v = v.clamp_min(eps);
                Tensor losses = v.log().add(x.sub(t).square().div(v)).mul(0.5).sum(1);
                if (full) losses = losses.add(0.5 * x.sizes[1] * MathF.Log(2 * MathF.PI));
                return Losses.Reduce(losses, reduction).MoveToOuterDisposeScope();
            }
        }
    }
}
