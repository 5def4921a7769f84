using System.Globalization;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Likelihood;

/// <summary>A noised response.</summary>
/// <param name="Ids">(N) x_t.</param>
/// <param name="Rows">(R) the positions whose prediction is read, ascending.</param>
/// <param name="Weight">What the sum over them is multiplied by.</param>
/// <param name="Alpha">alpha of its time, where the form needs it.</param>
/// <param name="Before">alpha of the step before, where times are numbered.</param>
internal readonly record struct NoisedResponse(int[] Ids, int[] Rows, double Weight, double Alpha = 0, double Before = 0);

/// <summary>How a process's likelihood, or its bound, is made of passes.</summary>
internal abstract class LikelihoodForm
{
    /// <summary>The name for reports.</summary>
    public abstract string Name(LikelihoodOptions options);

    /// <summary>Passes an item.</summary>
    public virtual int Draws(LikelihoodOptions options) => options.Draws;

    /// <summary>One draw of noise.</summary>
    /// <param name="x_0">(N) the response.</param>
    /// <param name="item">The item's stream: stream 0 draws the times, j + 1 the tokens of draw j.</param>
    /// <param name="draw">Which, from 0.</param>
    /// <param name="draws">Of how many.</param>
    public abstract NoisedResponse Noise(int[] x_0, CounterRandom item, int draw, int draws);

    /// <summary>The draw's estimate, in nats.</summary>
    public virtual double Nats(int[] x_0, NoisedResponse noised, CanvasRows rows)
    {
        double sum = 0;
        for (int r = 0; r < noised.Rows.Length; r++) sum += (double)rows.LogNormalizers[r] - rows.LogitsOf(r)[x_0[noised.Rows[r]]];
        return noised.Weight * sum;
    }

    /// <summary>Quantile j of n, shifted by a draw of the item's: stratified over (0, 1).</summary>
    protected static double Quantile(CounterRandom item, int draw, int draws) => NoiseTimes.Antithetic(item.At(0).Uniform(0), draw, draws);
}

/// <summary>
/// The bound of the absorbing process (Sahoo et al. 2024; Nie et al. 2025): a network that knows the exact conditionals reaches -log p.
/// </summary>
internal sealed class AbsorbingLikelihood(int mask, LikelihoodEstimator estimator) : LikelihoodForm
{
    /// <inheritdoc/>
    public override string Name(LikelihoodOptions options) =>
        string.Create(CultureInfo.InvariantCulture,
            $"bound:absorbing|estimator:{(estimator == LikelihoodEstimator.ExactK ? "exactK" : "bernoulli")}|draws:{options.Draws}");

    /// <inheritdoc/>
    public override NoisedResponse Noise(int[] x_0, CounterRandom item, int draw, int draws)
    {
        bool[] masked = new bool[x_0.Length];
        double u = Quantile(item, draw, draws);
        if (estimator == LikelihoodEstimator.ExactK)
        {
            int k = 1 + Math.Min(x_0.Length - 1, (int)(u * x_0.Length));
            AbsorbingNoise.DrawExactly(item.At(draw + 1), k, 0, masked);
            return Masked(x_0, masked, (double)x_0.Length / k);
        }
        double t = AlphaSchedules.Eps + (1 - AlphaSchedules.Eps) * u;
        AbsorbingNoise.DrawMask(item.At(draw + 1), t, 0, masked);
        return Masked(x_0, masked, 1 / t);
    }

    /// <summary>A response with given masks.</summary>
    internal NoisedResponse Masked(int[] x_0, bool[] masked, double weight) =>
        new([.. x_0.Select((id, i) => masked[i] ? mask : id)], [.. Enumerable.Range(0, x_0.Length).Where(i => masked[i])], weight);
}

/// <summary>
/// The bound of multinomial noise in continuous time, over the positions that can be noised (<see cref="MultinomialBound"/>).
/// </summary>
internal sealed class MultinomialLikelihood(MultinomialNoise noise) : LikelihoodForm
{
    /// <inheritdoc/>
    public override string Name(LikelihoodOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"bound:multinomial|draws:{options.Draws}");

    /// <inheritdoc/>
    public override NoisedResponse Noise(int[] x_0, CounterRandom item, int draw, int draws)
    {
        double t = AlphaSchedules.Eps + (1 - AlphaSchedules.Eps) * Quantile(item, draw, draws), alpha = noise.Alpha(t);
        int[] rows = [.. Enumerable.Range(0, x_0.Length).Where(i => noise.Includes(x_0[i]))], x_t = [.. x_0];
        foreach (int i in rows) x_t[i] = noise.DrawNoised(x_0[i], alpha, item.At(draw + 1).At(i));
        // Where all is noise the density is 0, and so is what it tends to.
        return alpha > 0
            ? new NoisedResponse(x_t, rows, -AlphaSchedules.Slope(noise.Schedule, t) / alpha, alpha)
            : new NoisedResponse(x_t, [], 0);
    }

    /// <inheritdoc/>
    public override double Nats(int[] x_0, NoisedResponse noised, CanvasRows rows)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        long[] At(int[] ids) => Array.ConvertAll(noised.Rows, i => (long)ids[i]);
        var logits = tensor(rows.Logits.ToArray(), [noised.Rows.Length, noise.Probabilities.Length]).to(float64);
        var density = MultinomialBound.Density(logits, tensor(At(x_0)), tensor(At(noised.Ids)),
            full(noised.Rows.Length, noised.Alpha, dtype: ScalarType.Float64), tensor(noise.Probabilities));
        return noised.Weight * density.sum().item<double>();
    }
}

/// <summary>The likelihood of a model from left to right, exactly: one pass over the response as it is.</summary>
internal sealed class LeftToRightLikelihood : LikelihoodForm
{
    /// <inheritdoc/>
    public override string Name(LikelihoodOptions options) => "exact:leftToRight";

    /// <inheritdoc/>
    public override int Draws(LikelihoodOptions options) => 1;

    /// <inheritdoc/>
    public override NoisedResponse Noise(int[] x_0, CounterRandom item, int draw, int draws) =>
        new(x_0, [.. Enumerable.Range(0, x_0.Length)], 1);
}
