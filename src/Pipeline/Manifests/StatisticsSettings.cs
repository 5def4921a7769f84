using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Intervals of scores and comparisons of cells.</summary>
public sealed record StatisticsSettings
{
    /// <summary>How many corpora are drawn.</summary>
    [Field("How many corpora are drawn for intervals and the paired bootstrap, and trials of the randomisation; 0 for no intervals and no comparisons.")]
    [Within(0, 100000)]
    public int Resamples { get; init; } = 1_000;

    /// <summary>Which cells are compared.</summary>
    [Field("Which cells are compared item by item, metric by metric: each with the one that scores best, all with all, or none.")]
    public ComparedCells Compare { get; init; }
}
