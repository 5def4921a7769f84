using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The p-norm distances between each row of one matrix and each of another: (.., P, M) and (.., R, M) to (.., P, R).</summary>
    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary)
    {
        if (x1.Rank < 2) throw new ExternalException("cdist only supports at least 2D tensors, X1 got: " + x1.Rank + "D");
        if (x2.Rank < 2) throw new ExternalException("cdist only supports at least 2D tensors, X2 got: " + x2.Rank + "D");
        if (x1.sizes[^1] != x2.sizes[^1]) throw new ExternalException($"X1 and X2 must have the same number of columns. X1: {x1.sizes[^1]} X2: {x2.sizes[^1]}");
        if (p < 0) throw new ExternalException("cdist only supports non-negative p values");
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(x1.unsqueeze(-2).sub(x2.unsqueeze(-3)).VectorNorm(p, [-1], false));
    }
}
