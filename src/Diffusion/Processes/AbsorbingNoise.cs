using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// The absorbing process's draws (Zheng et al. 2023, arXiv 2302.05737; reference A.3): at time t of 1..T each maskable token
/// has become the mask with probability t / T, or 1 - alpha(t) under another schedule. Pure functions of a sample's own stream, which is
/// keyed by
/// (seed, sample id, epoch): never of the batch that the sample happens to be in.
/// </summary>
public static class AbsorbingNoise
{
    const long Times = 0, FirstMask = 1, SecondMask = 2;

    /// <summary>The stream of a sample's continuous times.</summary>
    public static CounterRandom TimesOf(CounterRandom sample) => sample.At(Times);

    /// <summary>Two coupled times: the larger and the smaller of two uniform draws of 1..T.</summary>
    public static (int T1, int T2) DrawTimes(CounterRandom sample, int timesteps)
    {
        var draws = sample.At(Times);
        int a = 1 + draws.Integer(0, timesteps), b = 1 + draws.Integer(1, timesteps);
        return (Math.Max(a, b), Math.Min(a, b));
    }

    /// <summary>A single time, uniform on 1..T.</summary>
    public static int DrawTime(CounterRandom sample, int timesteps) => 1 + sample.At(Times).Integer(0, timesteps);

    /// <summary>mask1: position i with probability t / T.</summary>
    /// <param name="sample">The sample's stream.</param>
    /// <param name="t">The time.</param>
    /// <param name="timesteps">T.</param>
    /// <param name="start">The first maskable position; those of <paramref name="mask"/> follow it.</param>
    /// <param name="mask">Receives the draws, one a maskable position.</param>
    public static void DrawMask(CounterRandom sample, int t, int timesteps, int start, Span<bool> mask) =>
        DrawMask(sample, (double)t / timesteps, start, mask);

    /// <summary>
    /// Position i where its uniform number is below the rate: masks of one sample at falling rates lie within each other.
    /// </summary>
    public static void DrawMask(CounterRandom sample, double rate, int start, Span<bool> mask)
    {
        var u = sample.At(FirstMask);
        for (int i = 0; i < mask.Length; i++) mask[i] = u.Uniform(start + i) < rate;
    }

    /// <summary>
    /// The k positions of the smallest uniform numbers: any set of k is as likely as another, and sets of one sample lie within each other.
    /// </summary>
    public static void DrawExactly(CounterRandom sample, int k, int start, Span<bool> mask)
    {
        var u = sample.At(FirstMask);
        double[] keys = new double[mask.Length];
        int[] order = new int[mask.Length];
        for (int i = 0; i < keys.Length; i++) (keys[i], order[i]) = (u.Uniform(start + i), i);
        Array.Sort(keys, order);
        mask.Clear();
        foreach (int i in order.AsSpan(0, k)) mask[i] = true;
    }

    /// <summary>
    /// mask2: a subset of mask1 that keeps each of its positions with probability t2 / t1, so that its own rate is t2 / T;
    /// where t1 = t2, a fresh draw at that rate.
    /// </summary>
    public static void DrawSecondMask(CounterRandom sample, int t1, int t2, int timesteps, int start, ReadOnlySpan<bool> mask1,
        Span<bool> mask2)
    {
        var u = sample.At(SecondMask);
        double rate = (double)t1 / timesteps, drop = (double)(t1 - t2) / t1;
        for (int i = 0; i < mask2.Length; i++)
        {
            double draw = u.Uniform(start + i);
            mask2[i] = t1 == t2 ? draw < rate : mask1[i] && draw >= drop;
        }
    }
}
