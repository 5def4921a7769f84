namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>What a finished task says of itself.</summary>
public sealed record TaskReport
{
    /// <summary>The items' counts, or null.</summary>
    public ItemCounts? Items { get; init; }

    /// <summary>What the user should know although all went well.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Figures for the index, such as an evaluation's scores.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; init; } = [];

    /// <summary>An evaluation's cells for the index.</summary>
    public IReadOnlyList<SweepPoint> SweepPoints { get; init; } = [];
}
