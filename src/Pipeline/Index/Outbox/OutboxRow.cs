namespace DiffusionBatch.Pipeline.Index;

/// <summary>A message to send.</summary>
public sealed record OutboxRow
{
    /// <summary>Its number, in the order of writing.</summary>
    public required long Id { get; init; }

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>What it asks for.</summary>
    public required OutboxKind Kind { get; init; }

    /// <summary>The task, or null.</summary>
    public int? Ordinal { get; init; }

    /// <summary>The queue's name, one of <see cref="QueueNames"/>.</summary>
    public required string Queue { get; init; }
}
