using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Quantiles, linear between elements, along a dimension or (-1) of all elements: those of several q come first.</summary>
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Quantiles(q, dim, keepdim, false);

        /// <summary>As <see cref="quantile"/>, of the elements that are numbers.</summary>
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Quantiles(q, dim, keepdim, true);

        Tensor Quantiles(Tensor q, long dim, bool keepdim, bool skip)
        {
            if (Count == 0) throw new ExternalException("quantile() input tensor must be non-empty");
            if (q.Rank > 1) throw new ExternalException("quantile() q must be a scalar or 1D tensor");
            if (type is not (ScalarType.Float32 or ScalarType.Float64)) throw new ExternalException("quantile() input tensor must be either float or double dtype");
            if (q.type != type) throw new ExternalException("quantile() q tensor must be same dtype as the input tensor");
            using DisposeScope scope = NewDisposeScope();
            using (IDisposable mode = no_grad())
                if (q.lt(0).logical_or(q.gt(1)).any().item<bool>()) throw new ExternalException("quantile() q values must be in the range [0, 1]");
            bool all = dim == -1;
            int d = all ? 0 : Shapes.Dim(dim, Rank);
            // Rows of elements in order, NaN at their end: (.., n).
            Tensor rows = all ? reshape(-1) : movedim([d], [Rank - 1]);
            Tensor sorted = rows.sort(-1).Values, nan = sorted.isnan();
            long n = sorted.sizes[^1];
            Tensor last = skip
                ? nan.logical_not().Summed([-1], true, ScalarType.Int64).sub(1).clamp_min(0L).to_type(type)
                : torch.full([.. sorted.sizes[..^1], 1], (double)(n - 1), type);
            Tensor at = last.mul(q.reshape(-1));
            if (!skip) at = at.masked_fill(nan.any(-1, true), (double)(n - 1));
            Tensor low = at.detach().floor(), high = at.detach().ceil();
            Tensor below = sorted.gather(-1, low.to_type(ScalarType.Int64)), above = sorted.gather(-1, high.to_type(ScalarType.Int64));
            Tensor result = below.lerp(above, at.sub(low)).movedim([sorted.Rank - 1], [0]); // (q, ..)
            if (keepdim) result = all ? result.view([result.sizes[0], .. Enumerable.Repeat(1L, Rank)]) : result.unsqueeze(d + 1);
            if (q.Rank == 0) result = result.squeeze(0);
            return scope.MoveToOuter(result.clone());
        }
    }

    public static Tensor quantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.quantile(q, dim, keepdim);

    public static Tensor nanquantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.nanquantile(q, dim, keepdim);
}
