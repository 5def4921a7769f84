namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>How many tasks of a job aren't done.</summary>
internal sealed record OpenTasks
{
    /// <summary>Those that are queued, running or waiting for their halves.</summary>
    public long Opened { get; init; }

    /// <summary>Those that a worker holds.</summary>
    public long Running { get; init; }
}
