namespace DiffusionBatch.Pipeline.Index;

/// <summary>The speed of a kind of job with a model; a job weighs half of the one after it.</summary>
public sealed record SpeedRow
{
    /// <summary>Units of work a second of one worker.</summary>
    public required double UnitsPerSecond { get; init; }

    /// <summary>The number of jobs that it was measured over.</summary>
    public required long Jobs { get; init; }

    /// <summary>When the last of them ended.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
