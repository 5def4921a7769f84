using System.Globalization;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

/// <summary>
/// The bound of the absorbing process (Sahoo et al. 2024; Nie et al. 2025): a network that knows the exact conditionals reaches -log p.
/// </summary>
internal sealed class AbsorbingLikelihood(int mask, LikelihoodEstimator estimator) : CanvasLikelihood
{
    /// <summary>That of a model that predicts masked tokens: of continuous time, or of numbered steps.</summary>
    public static LikelihoodRule Rule { get; } = new((model, options) => options.Timesteps > 0
        ? new NumberedAbsorbing(model.Specials.Mask, options.Timesteps)
        : new AbsorbingLikelihood(model.Specials.Mask, options.Estimator), HasNumberedSteps: true);

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

/// <summary>The bound of numbered steps of the absorbing process, whose mask the network never predicts.</summary>
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
