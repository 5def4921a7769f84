using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>
/// The schedules of RDM's and MaskGIT's samplers in exact arithmetic: K_s, the number of slots that stay masked after step s of S.
/// </summary>
public static class MaskCounts
{
    /// <summary>
    /// K_s. Linear: floor(N (S - s) / S) in integers; quadratic: floor(N (S^2 - s^2) / S^2), likewise. Cosine: floor((float)N *
    /// (float)cos(pi s / 2S)), a product of two floats rounded to float as the published generator computes it, and 0 at s = S.
    /// </summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="n">N, slots that are masks at the start.</param>
    /// <param name="step">s, from 1 to <paramref name="steps"/>.</param>
    /// <param name="steps">S.</param>
    public static int Remaining(MaskSchedule schedule, int n, int step, int steps)
    {
        if (step >= steps) return 0;
        if (schedule == MaskSchedule.Quadratic) return (int)((long)n * ((long)steps * steps - (long)step * step) / ((long)steps * steps));
        if (schedule == MaskSchedule.Linear) return (int)((long)n * (steps - step) / steps);
        float masked = (float)n * (float)Math.Cos(Math.PI * step / (2.0 * steps));
        return (int)MathF.Floor(masked);
    }

    /// <summary>The schedule's rate at step s in float64, 1 at s = 0 and 0 at s = S: the scale of the ranking noise.</summary>
    public static double Rate(MaskSchedule schedule, int step, int steps) =>
        step >= steps ? 0
        : schedule == MaskSchedule.Linear ? 1.0 - (double)step / steps
        : schedule == MaskSchedule.Quadratic ? 1.0 - (double)step * step / ((double)steps * steps)
        : Math.Cos(Math.PI * step / (2.0 * steps));
}
