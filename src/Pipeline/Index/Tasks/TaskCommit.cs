using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What a finished task leaves in the index.</summary>
public sealed record TaskCommit
{
    /// <summary>Items with results only.</summary>
    public long Succeeded { get; init; }

    /// <summary>Items with errors.</summary>
    public long Errored { get; init; }

    /// <summary>Items with errors by code.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>What it cost, JSON, or null: given back as it is by <see cref="TaskRow.Cost"/>.</summary>
    public string? Cost { get; init; }

    /// <summary>The files that it made.</summary>
    public IReadOnlyList<ArtifactRow> Artifacts { get; init; } = [];

    /// <summary>Its results one by one; to be left empty for jobs of over 100,000 and for halves of a split task.</summary>
    public IReadOnlyList<ItemRow> Items { get; init; } = [];

    /// <summary>Its figures, that its job's are made of at the end: they are entered at once.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; init; } = [];

    /// <summary>An evaluation's cells, entered at once.</summary>
    public IReadOnlyList<SweepPoint> SweepPoints { get; init; } = [];
}
