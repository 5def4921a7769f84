using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// The schedules alpha(t) of the forward process: a token is clean at time t of [0, 1] with probability alpha(t), which falls from 1.
/// Named as in the papers' code: MDLM's (Sahoo et al. 2024, appendix; there as sigma = -log alpha), RDM's (Zheng et al. 2023; Nichol and
/// Dhariwal 2021, equation 17), MaskGIT's (Chang et al. 2022).
/// </summary>
public static class AlphaSchedules
{
    /// <summary>The shortest time that training draws: LLaDA's and MDLM's eps.</summary>
    public const double Eps = 1e-3;

    const double Offset = 0.008, RootOffset = 1e-4, Smallest = 1e-3;

    /// <summary>alpha(t), of [0, 1].</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="t">Of [0, 1].</param>
    public static double Alpha(AlphaSchedule schedule, double t) => Math.Max(0, schedule switch
    {
        AlphaSchedule.Linear => 1 - t,
        AlphaSchedule.Cosine => 1 - Math.Sin(Math.PI / 2 * t),
        AlphaSchedule.MdlmCosine => Eps + (1 - Eps) * Math.Cos(Math.PI / 2 * t),
        AlphaSchedule.MdlmCosineSquared => Eps + (1 - Eps) * Square(Math.Cos(Math.PI / 2 * t)),
        AlphaSchedule.Geometric => Math.Exp(-Math.Pow(Eps, 1 - t)),
        AlphaSchedule.LinearSigma => Math.Exp(-10 * t),
        AlphaSchedule.ImprovedCosine => Square(Math.Cos(Angle(t)) / Math.Cos(Angle(0))),
        AlphaSchedule.ImprovedCosineRoot => Math.Abs(Math.Cos(Angle(t)) / Math.Cos(Angle(0))),
        AlphaSchedule.Sqrt => (1 - Math.Sqrt(t + RootOffset)) / (1 - Math.Sqrt(RootOffset)),
        _ => throw new ArgumentOutOfRangeException(nameof(schedule)),
    });

    /// <summary>alpha'(t), not above 0.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="t">Of (0, 1].</param>
    public static double Slope(AlphaSchedule schedule, double t) => schedule switch
    {
        AlphaSchedule.Linear => -1,
        AlphaSchedule.Cosine => -Math.PI / 2 * Math.Cos(Math.PI / 2 * t),
        AlphaSchedule.MdlmCosine => -(1 - Eps) * Math.PI / 2 * Math.Sin(Math.PI / 2 * t),
        AlphaSchedule.MdlmCosineSquared => -(1 - Eps) * Math.PI / 2 * Math.Sin(Math.PI * t),
        AlphaSchedule.Geometric => Math.Pow(Eps, 1 - t) * Math.Log(Eps) * Alpha(schedule, t),
        AlphaSchedule.LinearSigma => -10 * Alpha(schedule, t),
        AlphaSchedule.ImprovedCosine => -Math.PI / 2 / (1 + Offset) * Math.Sin(2 * Angle(t)) / Square(Math.Cos(Angle(0))),
        AlphaSchedule.ImprovedCosineRoot => -Math.PI / 2 / (1 + Offset) * Math.Sin(Angle(t)) / Math.Cos(Angle(0)),
        AlphaSchedule.Sqrt => -0.5 / Math.Sqrt(t + RootOffset) / (1 - Math.Sqrt(RootOffset)),
        _ => throw new ArgumentOutOfRangeException(nameof(schedule)),
    };

    /// <summary>
    /// -alpha'(t) / (1 - alpha(t)): what a masked token's cross entropy counts for in the likelihood bound; 1 / t for the linear schedule.
    /// </summary>
    public static double BoundWeight(AlphaSchedule schedule, double t) => -Slope(schedule, t) / (1 - Alpha(schedule, t));

    /// <summary>The time at which a share of tokens is noised, of [0, 1], to the last bits.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="noised">1 - alpha.</param>
    public static double TimeOf(AlphaSchedule schedule, double noised)
    {
        if (schedule == AlphaSchedule.Linear) return noised;
        double low = 0, high = 1;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (1 - Alpha(schedule, middle) < noised) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>
    /// alpha of the times 0, 1, ..., T as RDM's code has them: products of per-step alphas, each held within 0.001 and 1. // (T + 1)
    /// </summary>
    public static double[] Discrete(AlphaSchedule schedule, int timesteps)
    {
        // The root is of the held steps.
        var basis = schedule == AlphaSchedule.ImprovedCosineRoot ? AlphaSchedule.ImprovedCosine : schedule;
        double[] alphas = new double[timesteps + 1];
        alphas[0] = 1;
        for (int t = 1; t <= timesteps; t++)
        {
            double step = Math.Clamp(Alpha(basis, (double)t / timesteps) / Alpha(basis, (t - 1.0) / timesteps), Smallest, 1);
            alphas[t] = alphas[t - 1] * (basis == schedule ? step : Math.Sqrt(step));
        }
        return alphas;
    }

    static double Angle(double t) => (t + Offset) / (1 + Offset) * Math.PI / 2;

    static double Square(double x) => x * x;
}
