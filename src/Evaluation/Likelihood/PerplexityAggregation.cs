namespace DiffusionBatch.Evaluation.Likelihood;

/// <summary>How the items' log-likelihoods become one perplexity. For items of one length the first two are the same.</summary>
public enum PerplexityAggregation
{
    /// <summary>exp of the loss per token over the corpus: every token counts the same.</summary>
    Tokens,

    /// <summary>exp of the mean over items of their loss per token, as Deschenaux and Gulcehre (2024) take it.</summary>
    Sequences,

    /// <summary>The mean over items of exp of their loss per token, as Lou et al. (2023) take it; never below <see cref="Sequences"/>.</summary>
    Exponentials,
}
