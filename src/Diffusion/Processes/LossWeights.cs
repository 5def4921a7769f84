using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// The weight w(t) of a noised token's cross entropy. Linear: T - (t - 1), RDM's lambda(t) = 1 - (t - 1) / T, times T;
/// reciprocal: T / t, the weight of the absorbing process's likelihood bound (reference section 0); none: T, and so for cart, which weighs
/// positions by themselves. In continuous time 1 - t, -alpha' / (1 - alpha), which is 1 / t for the linear schedule, and 1.
/// </summary>
public static class LossWeights
{
    /// <summary>w(t); all three are on one scale, T times RDM's weights, like the label-smoothing term.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="t"/> is not in 1..<paramref name="timesteps"/>, or the weighting is no
    /// weight of cross entropies.</exception>
    public static double Of(LossWeighting weighting, int timesteps, int t)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(t, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(t, timesteps);
        return weighting switch
        {
            LossWeighting.Linear => timesteps - (t - 1),
            LossWeighting.Reciprocal => (double)timesteps / t,
            LossWeighting.None or LossWeighting.Cart => timesteps,
            _ => throw new ArgumentOutOfRangeException(nameof(weighting)),
        };
    }

    /// <summary>
    /// w(t) under any schedule: that of the bound is T (alpha_{t-1} - alpha_t) / (1 - alpha_t) (Sahoo et al. 2024, equation 8).
    /// </summary>
    public static double Of(LossWeighting weighting, AlphaSchedule schedule, int timesteps, int t)
    {
        if (weighting != LossWeighting.Reciprocal || schedule == AlphaSchedule.Linear) return Of(weighting, timesteps, t);
        double alpha = AlphaSchedules.Alpha(schedule, (double)t / timesteps);
        return timesteps * (AlphaSchedules.Alpha(schedule, (t - 1.0) / timesteps) - alpha) / (1 - alpha);
    }

    /// <summary>w(t) of continuous time.</summary>
    /// <param name="weighting">Linear, reciprocal or none.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="t">Of (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The weighting is no weight of cross entropies.</exception>
    public static double Of(LossWeighting weighting, AlphaSchedule schedule, double t) => weighting switch
    {
        LossWeighting.Linear => 1 - t,
        LossWeighting.Reciprocal => AlphaSchedules.BoundWeight(schedule, t),
        LossWeighting.None or LossWeighting.Cart => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(weighting)),
    };
}
