namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>How positions are ranked by score.</summary>
public enum RankingOrder
{
    /// <summary>By the score itself.</summary>
    Deterministic,

    /// <summary>By the score with Gumbel noise that fades over the steps.</summary>
    Stochastic,
}
