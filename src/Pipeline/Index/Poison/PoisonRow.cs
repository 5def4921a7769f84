namespace DiffusionBatch.Pipeline.Index;

/// <summary>A given-up task on the poison list.</summary>
public sealed record PoisonRow
{
    /// <summary>Its number on the list.</summary>
    public required long Id { get; init; }

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The task.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The first item's place in the input, from 0.</summary>
    public long FirstItem { get; init; }

    /// <summary>The number of items.</summary>
    public long ItemCount { get; init; }

    /// <summary>The item's id, or null.</summary>
    public string? ItemId { get; init; }

    /// <summary>The last error.</summary>
    public required string Reason { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What was done about it.</summary>
    public required PoisonState State { get; init; }
}
