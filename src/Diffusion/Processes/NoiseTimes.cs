using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>Draws of continuous times, a function of a sequence's own stream: its copies share them out, never its batch.</summary>
public static class NoiseTimes
{
    /// <summary>The times of a sequence's copies, the latest first, of (eps, 1).</summary>
    /// <param name="draws">The stream of the sequence's times.</param>
    /// <param name="copies">C.</param>
    /// <param name="kind">How they are drawn.</param>
    /// <param name="schedule">The schedule, on which importance depends.</param>
    public static DrawnTime[] Draw(CounterRandom draws, int copies, TimeDraws kind, AlphaSchedule schedule)
    {
        var times = new DrawnTime[copies];
        for (int c = 0; c < copies; c++)
        {
            double u = kind == TimeDraws.Independent ? draws.Uniform(c) : Antithetic(draws.Uniform(0), c, copies);
            times[c] = kind == TimeDraws.Importance
                ? Important(u, schedule)
                : new DrawnTime(AlphaSchedules.Eps + (1 - AlphaSchedules.Eps) * u, 1);
        }
        Array.Sort(times, (a, b) => b.T.CompareTo(a.T));
        return times;
    }

    /// <summary>
    /// The stratified number (u / n + i / n) mod 1 of MDLM (Sahoo et al. 2024, appendix): uniform each, and one in each n-th together.
    /// </summary>
    /// <param name="u">Uniform on [0, 1).</param>
    /// <param name="i">Which of them, from 0.</param>
    /// <param name="n">How many.</param>
    public static double Antithetic(double u, int i, int n)
    {
        double value = (u + i) / n;
        return value - Math.Floor(value);
    }

    /// <summary>
    /// The noised share at quantile u of a density of times in proportion to the likelihood bound's weight -alpha' / (1 - alpha): log(1 -
    /// alpha) is uniform between those of the ends (Sahoo et al. 2024, importance sampling).
    /// </summary>
    /// <param name="u">Of [0, 1).</param>
    /// <param name="least">1 - alpha of the shortest time.</param>
    /// <param name="most">1 - alpha of the longest.</param>
    public static double LogUniform(double u, double least, double most) => Math.Exp(Math.Log(least) + u * Math.Log(most / least));

    static DrawnTime Important(double u, AlphaSchedule schedule)
    {
        double least = 1 - AlphaSchedules.Alpha(schedule, AlphaSchedules.Eps), most = 1 - AlphaSchedules.Alpha(schedule, 1);
        double t = Math.Max(AlphaSchedules.Eps, AlphaSchedules.TimeOf(schedule, LogUniform(u, least, most)));
        return new DrawnTime(t, Math.Log(most / least) / AlphaSchedules.BoundWeight(schedule, t));
    }
}

/// <summary>A time, and what its loss is to be multiplied by since it wasn't drawn uniformly.</summary>
/// <param name="T">t.</param>
/// <param name="Correction">1 by the density that it was drawn with.</param>
public readonly record struct DrawnTime(double T, double Correction);
