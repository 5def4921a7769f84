using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Zeros whole channels (N, C, ..) with probability p and scales the others by 1 / (1 - p).</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => ChannelDropout(input, p, training, inplace);

            /// <inheritdoc cref="dropout2d"/>
            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => ChannelDropout(input, p, training, inplace);

            /// <summary>As <see cref="dropout2d"/> with a last dimension of one added for the time.</summary>
            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                ArgumentNullException.ThrowIfNull(input);
                using Tensor plane = input.unsqueeze(-1);
                using Tensor dropped = dropout2d(plane, p, training, false);
                Tensor result = dropped.squeeze(-1);
                return inplace ? Overwrite(input, result) : result;
            }

            /// <summary>Sets elements to the SELU's lower limit with probability p, then restores mean and deviation (Klambauer et al. 2017).</summary>
            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false)
            {
                ArgumentNullException.ThrowIfNull(input);
                return AlphaDropout(input, input.sizes, p, training, inplace);
            }

            /// <summary>As <see cref="alpha_dropout"/> for whole channels (N, C, ..).</summary>
            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false)
            {
                ArgumentNullException.ThrowIfNull(input);
                return AlphaDropout(input, ChannelShape(input), p, training, inplace);
            }

            static Tensor ChannelDropout(Tensor input, double p, bool training, bool inplace)
            {
                ArgumentNullException.ThrowIfNull(input);
                CheckProbability(p);
                if (!training || p == 0 || input.Count == 0) return inplace ? input : input.alias();
                using DisposeScope scope = NewDisposeScope();
                Tensor noise = dropout(ones(ChannelShape(input), input.type), p);
                return inplace ? input.mul_(noise) : input.mul(noise).MoveToOuterDisposeScope();
            }

            static Tensor AlphaDropout(Tensor input, long[] shape, double p, bool training, bool inplace)
            {
                CheckProbability(p);
                if (!training || p == 0 || input.Count == 0) return inplace ? input : input.alias();
                using DisposeScope scope = NewDisposeScope();
                if (p == 1) return inplace ? input.mul_(0L) : input.mul(0L).MoveToOuterDisposeScope();
                CheckScaled(input);
                const double alpha = 1.7580993408473766;
                double a = 1 / Math.Sqrt((alpha * alpha * p + 1) * (1 - p));
                Tensor kept = empty(shape, input.type).bernoulli_(1 - p), shift = kept.sub(1L).mul(alpha * a).add(alpha * a * p), scale = kept.mul(a);
                return inplace ? input.mul_(scale).add_(shift) : input.mul(scale).add(shift).MoveToOuterDisposeScope();
            }

            static Tensor Overwrite(Tensor input, Tensor result)
            {
                using (result) return input.copy_(result);
            }

            static long[] ChannelShape(Tensor input)
            {
                if (input.Rank < 2) throw new ExternalException("Feature dropout requires at least 2 dimensions in the input");
                return [input.sizes[0], input.sizes[1], .. Enumerable.Repeat(1L, input.Rank - 2)];
            }

            /// <summary>What stays is scaled, which integers can't hold.</summary>
            static void CheckScaled(Tensor input)
            {
                if (!Dtypes.IsFloating(input.type)) throw new ExternalException($"result type Float can't be cast to the desired output type {Names.Of(input.type)}");
            }

            static void CheckProbability(double p)
            {
                if (p is not (>= 0 and <= 1)) throw new ExternalException($"dropout probability has to be between 0 and 1, but got {p}");
            }
        }
    }
}
