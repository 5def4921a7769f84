using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The p-norm of all elements.</summary>
        public Tensor norm(float p = 2) => VectorNorm(p, [], false);

        /// <summary>p-norms along a dimension.</summary>
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => VectorNorm(p, [dim], keepdim);

        /// <summary>(sum |x|^p)^(1/p) over dimensions; the largest or smallest magnitude for infinite p, the count of other than 0 for p = 0.</summary>
        internal Tensor VectorNorm(double p, ReadOnlySpan<long> dims, bool keepdim)
        {
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {Names.Of(type)}");
            bool[] mask = Shapes.Mask(dims, Rank);
            long[] over = dims.ToArray();
            Tensor result;
            using (IDisposable mode = no_grad())
            using (DisposeScope scope = NewDisposeScope())
            {
                Tensor magnitudes = abs();
                result = p switch
                {
                    0 => ne(0L).to_type(type).Summed(over, keepdim, null),
                    1 => magnitudes.Summed(over, keepdim, null),
                    2 => square().Summed(over, keepdim, null).sqrt(),
                    double.PositiveInfinity => magnitudes.Shared(over, keepdim, true),
                    double.NegativeInfinity => magnitudes.Shared(over, keepdim, false),
                    _ => magnitudes.pow(p).Summed(over, keepdim, null).pow(1 / p),
                };
                scope.MoveToOuter(result);
            }
            if (!Tape.Records(this)) return result;
            long[] kept = KeptShape(mask);
            return Tape.Record(result, "LinalgVectorNormBackward", [this], [this, result], (n, g) => [NormGradient(n.Saved(0), n.Saved(1).view(kept), g.view(kept), p, mask)]);
        }

        static Tensor NormGradient(Tensor x, Tensor norm, Tensor g, double p, bool[] mask)
        {
            if (p == 0) return Tape.Zeros(x);
            if (p == 1) return x.sgn().mul(g);
            if (p == 2) return x.mul(g.div(norm).masked_fill(norm.eq(0), 0.0));
            if (double.IsInfinity(p))
            {
                // Those that have the extreme magnitude share the gradient.
                Tensor hit = x.abs().eq(norm).to_type(g.type);
                long[] over = Enumerable.Range(0, mask.Length).Where(d => mask[d]).Select(d => (long)d).ToArray();
                return x.sgn().mul(hit).mul(g.div(over.Length > 0 ? hit.sum(over, true) : hit));
            }
            Tensor scaled = g.div(norm.pow(p - 1)).masked_fill(norm.eq(0), 0.0);
            return (p < 2 ? x.sgn().mul(x.abs().pow(p - 1)).masked_fill(x.eq(0), 0.0) : x.mul(x.abs().pow(p - 2))).mul(scaled);
        }

        /// <summary>The p-norm of the difference.</summary>
        public Tensor dist(Tensor other, float p = 2)
        {
            using Tensor difference = sub(other);
            return difference.norm(p);
        }

        /// <summary>Every slice along a dimension whose p-norm exceeds <paramref name="maxnorm"/> scaled down to it.</summary>
        public Tensor renorm(float p, long dim, float maxnorm)
        {
            int d = Shapes.Dim(dim, Rank);
            if (Rank < 2) throw new ExternalException($"renorm: input needs at least 2 dimensions, got {Rank} dimensions");
            if (p <= 0) throw new ExternalException("renorm: non-positive-norm not supported");
            if (maxnorm < 0) throw new ExternalException($"renorm: expected maxnorm to be >= 0 but got {maxnorm}");
            using DisposeScope scope = NewDisposeScope();
            long[] over = Enumerable.Range(0, Rank).Where(i => i != d).Select(i => (long)i).ToArray();
            Tensor norms = VectorNorm(p, over, true);
            Tensor factor = torch.where(norms.gt(maxnorm), norms.add(1e-7).reciprocal().mul(maxnorm), torch.ones_like(norms));
            return scope.MoveToOuter(mul(factor));
        }
    }

    public static Tensor norm(Tensor input) => input.norm();

    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2) => input.norm(dimension, keepdim, p);

    public static Tensor norm(Tensor input, float p = 2) => input.norm(p);

    public static Tensor dist(Tensor input, Tensor other, float p = 2) => input.dist(other, p);

    public static Tensor renorm(Tensor input, float p, long dim, float maxnorm) => input.renorm(p, dim, maxnorm);
}
