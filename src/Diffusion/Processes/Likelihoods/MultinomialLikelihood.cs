using System.Globalization;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

/// <summary>
/// The bound of multinomial noise in continuous time, over the positions that can be noised (<see cref="MultinomialBound"/>).
/// </summary>
internal sealed class MultinomialLikelihood(MultinomialNoise noise) : CanvasLikelihood
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
    public override double Nats(int[] x_0, NoisedResponse noised, IResponseRows rows)
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

/// <summary>The bound of numbered steps of multinomial noise, over the positions that can be noised.</summary>
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
