using System.Globalization;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

/// <summary>
/// The bound of T numbered steps (<see cref="DiscreteBound"/>): each draw is one of them, uniform on 1..T, and T times its terms over the
/// noised positions is unbiased.
/// </summary>
/// <param name="process">The process's name for reports.</param>
/// <param name="timesteps">T.</param>
internal abstract class NumberedLikelihood(string process, int timesteps) : CanvasLikelihood
{
    /// <inheritdoc/>
    public sealed override string Name(LikelihoodOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"bound:{process}|timesteps:{timesteps}|draws:{options.Draws}");

    /// <inheritdoc/>
    public sealed override NoisedResponse Noise(int[] x_0, CounterRandom item, int draw, int draws)
    {
        int number = 1 + Math.Min(timesteps - 1, (int)(Quantile(item, draw, draws) * timesteps));
        double alpha_t = Alpha((double)number / timesteps), alpha_s = Alpha((number - 1.0) / timesteps);
        var (x_t, rows) = Noised(x_0, alpha_t, item.At(draw + 1));
        return new NoisedResponse(x_t, rows, timesteps, alpha_t, alpha_s);
    }

    /// <inheritdoc/>
    public sealed override double Nats(int[] x_0, NoisedResponse noised, IResponseRows rows)
    {
        double sum = 0;
        for (int r = 0; r < noised.Rows.Length; r++)
            sum += Term(x_0[noised.Rows[r]], noised.Ids[noised.Rows[r]], rows.LogitsOf(r), rows.LogNormalizerOf(r), noised.Alpha,
                noised.Before);
        return noised.Weight * sum;
    }

    /// <summary>The share of clean tokens at a time of [0, 1].</summary>
    protected abstract double Alpha(double t);

    /// <summary>A response noised to a share of clean tokens, and the positions whose terms count.</summary>
    protected abstract (int[] Ids, int[] Rows) Noised(int[] x_0, double alpha, CounterRandom draws);

    /// <summary>A position's term, in nats.</summary>
    /// <param name="x_0">The clean token.</param>
    /// <param name="x_t">The noised one.</param>
    /// <param name="logits">The network's prediction. // (V)</param>
    /// <param name="normalizer">The log of the sum of their exponentials.</param>
    /// <param name="alpha_t">alpha at t.</param>
    /// <param name="alpha_s">alpha at t - 1.</param>
    protected abstract double Term(int x_0, int x_t, ReadOnlySpan<float> logits, double normalizer, double alpha_t, double alpha_s);
}
