using TorchSharp.Autograd;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>p-norms along one dimension with the gradient that is 0 where the norm is.</summary>
internal static class VectorNorm
{
    public static Tensor Of(Tensor x, double p, long dim, bool keepdim)
    {
        int d = Shapes.Dim(dim, x.Rank);
        Tensor kept;
        using (no_grad())
        using (DisposeScope scope = NewDisposeScope())
            kept = Value(x, p, d).MoveToOuterDisposeScope();
        Tensor result = keepdim ? kept : kept.squeeze(d);
        if (Tape.Records(x))
            Tape.Record(result, "LinalgVectorNormBackward", [x], [x, kept], (n, g) => [Gradient(n.Saved(0), n.Saved(1), keepdim ? g : g.unsqueeze(d), p, d)]);
        if (!keepdim) kept.Dispose();
        return result;
    }

    static Tensor Value(Tensor x, double p, int d)
    {
        Tensor size = x.abs();
        if (p == 0) return size.ne(0L).to_type(x.type).sum(d, true);
        if (p == 1) return size.sum(d, true);
        if (p == 2) return size.square().sum(d, true).sqrt();
        if (double.IsPositiveInfinity(p)) return size.amax([d], true);
        if (double.IsNegativeInfinity(p)) return size.amin([d], true);
        return size.pow(p).sum(d, true).pow(1 / p);
    }

    static Tensor Gradient(Tensor x, Tensor norm, Tensor g, double p, int d)
    {
        if (p == 0) return zeros_like(x);
        if (p == 1) return x.sign().mul(g);
        if (double.IsInfinity(p))
        {
            Tensor size = x.abs(), hit = size.eq(norm).to_type(x.type);
            return x.sign().mul(hit.div(hit.sum(d, true))).mul(g);
        }
        Tensor safe = norm.masked_fill(norm.eq(0L), 1L), scaled = g.masked_fill(norm.eq(0L), 0L);
        if (p == 2) return x.mul(scaled.div(safe));
        Tensor zero = x.eq(0L), slope = x.sign().mul(x.abs().pow(p - 1)).masked_fill(zero, 0L);
        return slope.mul(scaled.div(safe.pow(p - 1)));
    }
}
