using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>The cross entropy with a probability a class: logits and target of one shape, (C), (N, C) or (N, C, ..). The mean is over rows.</summary>
            static Tensor SoftCrossEntropy(Tensor input, Tensor target, Tensor? weight, long ignore, Reduction reduction, double smoothing)
            {
                if (!Dtypes.IsFloating(target.type)) throw new ExternalException($"Expected floating point type for target with class probabilities, got {Names.Of(target.type)}");
                if (ignore >= 0) throw new ExternalException("ignore_index is not supported for floating point target");
                int dim = input.Rank == 1 ? 0 : 1;
                long classes = input.sizes[dim];
                if (weight is not null && (weight.Rank != 1 || weight.Count != classes))
                    throw new ExternalException($"cross_entropy: weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of shape: [{Shapes.Text(weight.sizes)}]");
                using DisposeScope scope = NewDisposeScope();
                Tensor shares = smoothing > 0 ? target.mul(1 - smoothing).add(smoothing / classes) : target;
                if (weight is not null)
                {
                    long[] shape = [.. Enumerable.Repeat(1L, input.Rank)];
                    shape[dim] = classes;
                    shares = shares.mul(weight.view(shape));
                }
                Tensor losses = input.log_softmax(dim).mul(shares).sum(dim).neg();
                Tensor result = reduction switch
                {
                    Reduction.None => losses,
                    Reduction.Sum => losses.sum(),
                    _ => losses.sum().div((double)input.Count / classes),
                };
                return result.MoveToOuterDisposeScope();
            }
        }
    }
}
