namespace DiffusionBatch.Pipeline.Index;

/// <summary>Which cells of finished evaluations a list shows.</summary>
public sealed record SweepFilter
{
    /// <summary>One evaluate job's id, or any.</summary>
    public string? JobId { get; init; }

    /// <summary>The evaluate jobs' name, exactly, or any.</summary>
    public string? Name { get; init; }

    /// <summary>The one metric whose scores are wanted, or null: all.</summary>
    public string? Metric { get; init; }
}
