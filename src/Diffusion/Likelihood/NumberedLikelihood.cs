using System.Globalization;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Likelihood;

/// <summary>
/// The bound of T numbered steps (<see cref="DiscreteBound"/>): each draw is one of them, uniform on 1..T, and T times its terms over the
/// noised positions is unbiased.
/// </summary>
/// <param name="process">The process's name for reports.</param>
/// <param name="timesteps">T.</param>
internal abstract class NumberedLikelihood(string process, int timesteps) : LikelihoodForm
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
    public sealed override double Nats(int[] x_0, NoisedResponse noised, CanvasRows rows)
    {
        double sum = 0;
        for (int r = 0; r < noised.Rows.Length; r++)
            sum += Term(x_0[noised.Rows[r]], noised.Ids[noised.Rows[r]], rows.LogitsOf(r), rows.LogNormalizers[r], noised.Alpha,
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

/// <summary>That of the absorbing process, whose mask the network never predicts.</summary>
internal sealed class NumberedAbsorbing(int mask, int timesteps) : NumberedLikelihood("absorbing", timesteps)
{
    /// <inheritdoc/>
    protected override double Alpha(double t) => 1 - t;

    /// <inheritdoc/>
    protected override (int[] Ids, int[] Rows) Noised(int[] x_0, double alpha, CounterRandom draws)
    {
        bool[] masked = new bool[x_0.Length];
        AbsorbingNoise.DrawMask(draws, 1 - alpha, 0, masked);
        return ([.. x_0.Select((id, i) => masked[i] ? mask : id)], [.. Enumerable.Range(0, x_0.Length).Where(i => masked[i])]);
    }

    /// <inheritdoc/>
    protected override double Term(int x_0, int x_t, ReadOnlySpan<float> logits, double normalizer, double alpha_t, double alpha_s) =>
        DiscreteBound.Absorbing(logits[x_0] - normalizer, 0, alpha_t, alpha_s);
}

/// <summary>That of multinomial noise, over the positions that can be noised.</summary>
internal sealed class NumberedMultinomial(MultinomialNoise noise, int timesteps) : NumberedLikelihood("multinomial", timesteps)
{
    readonly double[] _p = new double[noise.Probabilities.Length]; // the prediction at hand

    /// <inheritdoc/>
    protected override double Alpha(double t) => noise.Alpha(t);

    /// <inheritdoc/>
    protected override (int[] Ids, int[] Rows) Noised(int[] x_0, double alpha, CounterRandom draws)
    {
        int[] rows = [.. Enumerable.Range(0, x_0.Length).Where(i => noise.Includes(x_0[i]))], x_t = [.. x_0];
        foreach (int i in rows) x_t[i] = noise.DrawNoised(x_0[i], alpha, draws.At(i));
        return (x_t, rows);
    }

    /// <inheritdoc/>
    protected override double Term(int x_0, int x_t, ReadOnlySpan<float> logits, double normalizer, double alpha_t, double alpha_s)
    {
        for (int v = 0; v < _p.Length; v++) _p[v] = Math.Exp(logits[v] - normalizer);
        return DiscreteBound.Multinomial(noise, x_0, x_t, _p, alpha_t, alpha_s);
    }
}
