using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// -input[target]: log-probabilities (C), (N, C) or (N, C, ..), classes (), (N) or (N, ..), int64. Target -100 counts
            /// for nothing; the mean is weighted by the classes' weights (C).
            /// </summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(target);
                CheckClasses(input, target, weight, -100);
                using DisposeScope scope = NewDisposeScope();
                Tensor logp = input.Rank == 1 ? input.unsqueeze(0) : input.Rank == 2 ? input : input.movedim([1], [-1]).reshape(-1, input.sizes[1]);
                Tensor labels = target.reshape(-1), valid = labels.ne(-100L), safe = labels.masked_fill(valid.logical_not(), 0L);
                Tensor w = valid.to_type(input.type);
                if (weight is not null) w = weight.index_select(0, safe).mul(w);
                Tensor losses = Losses.Where(valid, logp.gather(1, safe.unsqueeze(1)).squeeze(1)).mul(w).neg();
                Tensor result = reduction switch
                {
                    Reduction.None => losses.reshape(target.sizes),
                    Reduction.Sum => losses.sum(),
                    _ => losses.sum().div(w.sum()),
                };
                return result.MoveToOuterDisposeScope();
            }

            /// <summary>Checks shapes, types and ranges of classes against scores.</summary>
            static unsafe void CheckClasses(Tensor input, Tensor target, Tensor? weight, long ignore)
            {
                if (input.Rank == 0) throw new ExternalException("input tensor should be 1D or 2D");
                long classes = input.Rank == 1 ? input.sizes[0] : input.sizes[1];
                if (input.Rank <= 2 && target.Rank > 1) throw new ExternalException("0D or 1D target tensor expected, multi-target not supported");
                if (input.Rank == 2 && (target.Rank == 0 || target.sizes[0] != input.sizes[0]))
                    throw new ExternalException($"size mismatch (got input: [{Shapes.Text(input.sizes)}], target: [{Shapes.Text(target.sizes)}])");
                long[] expected = input.Rank > 2 ? [input.sizes[0], .. input.sizes[2..]] : target.sizes;
                if (!expected.AsSpan().SequenceEqual(target.sizes))
                    throw new ExternalException($"Expected target size [{Shapes.Text(expected)}], got [{Shapes.Text(target.sizes)}]");
                if (target.type != ScalarType.Int64) throw new ExternalException($"expected scalar type Long but found {Names.Of(target.type)}");
                if (weight is not null && (weight.Rank != 1 || weight.Count != classes))
                    throw new ExternalException($"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of shape: [{Shapes.Text(weight.sizes)}]");
                if (weight is not null && weight.type != input.type) throw new ExternalException($"expected scalar type {Names.Of(input.type)} but found {Names.Of(weight.type)}");
                using Tensor labels = target.Dense();
                long* y = labels.Ptr<long>();
                for (long i = 0; i < labels.Count; i++)
                    if (y[i] != ignore && (ulong)y[i] >= (ulong)classes) throw new ExternalException($"Target {y[i]} is out of bounds.");
            }
        }
    }
}
