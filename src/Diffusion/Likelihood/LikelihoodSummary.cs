using DiffusionBatch.Diffusion.Processes.Likelihoods;

namespace DiffusionBatch.Diffusion.Likelihood;

/// <summary>Estimates of a corpus together.</summary>
/// <param name="NatsPerToken">The summed estimates by the summed tokens.</param>
/// <param name="StandardError">Its standard error over other items of the same kind and other draws.</param>
public readonly record struct LikelihoodSummary(double NatsPerToken, double StandardError)
{
    const double Normal95 = 1.959963984540054;

    /// <summary>exp of the nats per token.</summary>
    public double Perplexity => Math.Exp(NatsPerToken);

    /// <summary>The lower end of the 95 % interval of the nats per token.</summary>
    public double Low => NatsPerToken - (Normal95 * StandardError);

    /// <summary>The upper end.</summary>
    public double High => NatsPerToken + (Normal95 * StandardError);

    /// <summary>
    /// The ratio of sums, with the standard error of a ratio: items differ from each other, and so do draws, which is part of it.
    /// </summary>
    public static LikelihoodSummary Of(IReadOnlyCollection<LikelihoodEstimate> estimates)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        double tokens = estimates.Sum(e => (double)e.Tokens), ratio = estimates.Sum(e => e.Nats) / tokens, n = estimates.Count;
        double squares = estimates.Sum(e => (e.Nats - (ratio * e.Tokens)) * (e.Nats - (ratio * e.Tokens)));
        return new(ratio, n < 2 ? Math.Sqrt(estimates.Sum(e => e.Variance)) / tokens : Math.Sqrt(squares * n / (n - 1)) / tokens);
    }
}
