namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>MAUVE's options, by the names and defaults of its reference implementation.</summary>
public sealed record MauveOptions
{
    /// <summary>Clusters; null for a tenth of the smaller sample, at least 2.</summary>
    public int? NumBuckets { get; init; }

    /// <summary>The share of the variance that the clustered components explain, above 0 and at most 1.</summary>
    public double KmeansExplainedVar { get; init; } = 0.9;

    /// <summary>Tries of k-means for each seed; the best is kept.</summary>
    public int KmeansNumRedo { get; init; } = 5;

    /// <summary>The most iterations of a try.</summary>
    public int KmeansMaxIter { get; init; } = 500;

    /// <summary>c, above 0.</summary>
    public double MauveScalingFactor { get; init; } = DivergenceFrontier.DefaultScaling;

    /// <summary>The first seed of k-means.</summary>
    public long Seed { get; init; } = 25;

    /// <summary>How many seeds are averaged, each one more than the one before.</summary>
    public int Seeds { get; init; } = 5;
}
