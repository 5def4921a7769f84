namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

/// <summary>A response whose likelihood, given its prompt and its length, is wanted.</summary>
/// <param name="Id">Its name: with the seed it determines every draw.</param>
/// <param name="PromptIds">The canvas before the response, <c>&lt;s&gt;</c> included.</param>
/// <param name="Ids">The response without what closes it.</param>
public sealed record LikelihoodItem(string Id, int[] PromptIds, int[] Ids);

/// <summary>An estimate of -log p(response | prompt, length), or of a bound above it.</summary>
/// <param name="Id">The item's name.</param>
/// <param name="Nats">The estimate: the mean over the draws.</param>
/// <param name="Tokens">The response's tokens.</param>
/// <param name="Variance">The variance of that mean over other draws; 0 where nothing is drawn. Of stratified draws it is more than the
/// truth.</param>
public sealed record LikelihoodEstimate(string Id, double Nats, int Tokens, double Variance);

/// <summary>How the absorbing process's bound is estimated.</summary>
public enum LikelihoodEstimator
{
    /// <summary>
    /// k masks, k uniform on 1..L, each set of k alike; (L / k) times the sum of their cross entropies (Nie et al. 2025, arXiv 2502.09992,
    /// equation 14).
    /// </summary>
    ExactK,

    /// <summary>Each token masked with probability t, t uniform; 1 / t times the sum (equation 3 of the same).</summary>
    Bernoulli,
}

/// <summary>What an estimate depends on beside the model.</summary>
public sealed record LikelihoodOptions
{
    /// <summary>The seed of the draws.</summary>
    public long Seed { get; init; }

    /// <summary>Draws an item, spread evenly over the times.</summary>
    public int Draws { get; init; } = 32;

    /// <summary>How masks are drawn.</summary>
    public LikelihoodEstimator Estimator { get; init; }

    /// <summary>T of the bound of numbered steps; 0 for that of continuous time.</summary>
    public int Timesteps { get; init; }

    /// <summary>w of classifier-free guidance; 0 for none.</summary>
    public double Guidance { get; init; }

    /// <summary>Tokens, padding included, of one forward pass. It has no part in any number.</summary>
    public int BatchTokens { get; init; } = 4096;
}
