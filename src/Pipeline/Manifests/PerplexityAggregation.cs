namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>How the items' log-likelihoods become one perplexity.</summary>
public enum PerplexityAggregation
{
    /// <summary>exp of the loss per token over all tokens.</summary>
    Tokens,

    /// <summary>exp of the mean over texts of their loss per token.</summary>
    Sequences,

    /// <summary>The mean over texts of exp of their loss per token.</summary>
    Exponentials,
}
