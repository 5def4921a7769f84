namespace DiffusionBatch.Diffusion.Processes;

/// <summary>Evaluates <see cref="LossWeighting"/>.</summary>
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
