using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The covariances of variables, a row each, over observations, which may be weighted by counts and by importance.</summary>
        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null)
        {
            if (Rank > 2) throw new ExternalException($"cov(): expected input to have two or fewer dimensions but got an input with {Rank} dimensions");
            if (type == ScalarType.Bool) throw new ExternalException("cov(): bool dtype is not supported for input");
            using DisposeScope scope = NewDisposeScope();
            Tensor x = Rank < 2 ? reshape(1, -1) : this;
            if (!Dtypes.IsFloating(type)) x = x.to_type(get_default_dtype());
            long n = x.sizes[1];
            Tensor? w = fweights?.to_type(x.type);
            if (aweights is not null) w = w is null ? aweights.to_type(x.type) : w.mul(aweights);
            Tensor total = w is null ? torch.tensor((double)n, x.type) : w.sum();
            Tensor mean = w is null ? x.mean([1], true) : x.mul(w).sum(1, true).div(total);
            Tensor freedom = total.sub(correction);
            if (w is not null && aweights is not null && correction != 0) freedom = total.sub(w.mul(aweights).sum().div(total).mul(correction));
            Tensor centred = x.sub(mean), result = centred.matmul((w is null ? centred : centred.mul(w)).t()).div(freedom.clamp_min(0.0));
            return scope.MoveToOuter(Rank < 2 ? result.reshape([]) : result);
        }

        /// <summary>Pearson's correlations of variables, a row each.</summary>
        public Tensor corrcoef()
        {
            if (Rank > 2) throw new ExternalException($"corrcoef(): expected input to have two or fewer dimensions but got an input with {Rank} dimensions");
            using DisposeScope scope = NewDisposeScope();
            Tensor c = cov();
            if (c.Rank == 0) return scope.MoveToOuter(c.div(c));
            Tensor deviations = c.DiagonalCopy(0).sqrt();
            return scope.MoveToOuter(c.div(deviations.unsqueeze(1)).div(deviations.unsqueeze(0)).clamp(-1.0, 1.0));
        }
    }

    public static Tensor cov(Tensor input, long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => input.cov(correction, fweights, aweights);

    public static Tensor corrcoef(Tensor input) => input.corrcoef();
}
