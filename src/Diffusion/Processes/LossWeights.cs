using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// The weight w(t) of a masked token's cross entropy at time t of 1..T. Linear: T - (t - 1), RDM's lambda(t) = 1 - (t - 1) / T, times T;
/// reciprocal: T / t, the weight of the likelihood bound (reference section 0); none: T.
/// </summary>
public static class LossWeights
{
    /// <summary>w(t); all three are on one scale, T times RDM's weights, like the label-smoothing term.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="t"/> is not in 1..<paramref name="timesteps"/>.</exception>
    public static double Of(LossWeighting weighting, int timesteps, int t)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(t, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(t, timesteps);
        return weighting switch
        {
            LossWeighting.Linear => timesteps - (t - 1),
            LossWeighting.Reciprocal => (double)timesteps / t,
            LossWeighting.None => timesteps,
            _ => throw new ArgumentOutOfRangeException(nameof(weighting)),
        };
    }
}
