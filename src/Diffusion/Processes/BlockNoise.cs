using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// The noise of block diffusion (Arriola et al. 2025, arXiv 2503.09573, section 5.3): a time of its own for each block, from an interval
/// that may be clipped, and a token becomes the mask with the probability of its block's time. Pure functions of a sequence's own stream.
/// </summary>
public static class BlockNoise
{
    const long Times = 0, Turn = 1, Masks = 2;

    /// <summary>The time of block j of n: stratified, lo + (hi - lo) ((u + j) / n mod 1).</summary>
    public static double Time(double u, int block, int blocks, double lo, double hi) => lo + ((hi - lo) * (((u + block) / blocks) % 1));

    /// <summary>
    /// The times of a sequence's blocks: stratified, and all turned by one draw, so that each is uniform on the interval by itself.
    /// </summary>
    public static void DrawTimes(CounterRandom sample, double lo, double hi, Span<double> times)
    {
        var u = sample.At(Times);
        double turn = sample.At(Turn).Uniform(0);
        for (int j = 0; j < times.Length; j++) times[j] = lo + ((hi - lo) * ((((u.Uniform(j) + j) / times.Length) + turn) % 1));
    }

    /// <summary>Whether a token at a position has become the mask at its block's time t.</summary>
    public static bool IsMasked(CounterRandom sample, int position, double t) => sample.At(Masks).Uniform(position) <= t;
}
