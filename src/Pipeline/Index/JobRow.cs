namespace DiffusionBatch.Pipeline.Index;

/// <summary>A job as the index lists it; names follow the columns.</summary>
public sealed record JobRow
{
    /// <summary>The job's id, <c>job_</c> and a time-ordered GUID.</summary>
    public required string Id { get; init; }

    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary><c>finetune</c>, <c>sample</c> or <c>evaluate</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its output folder, relative to the root.</summary>
    public required string Output { get; init; }

    /// <summary>The fingerprint that its output belongs to.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The name of its state.</summary>
    public required string State { get; init; }

    /// <summary>The process that works on it, or null.</summary>
    public string? Owner { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Its items, or null where that isn't known.</summary>
    public long? ItemsTotal { get; init; }

    /// <summary>Its items without errors.</summary>
    public long? ItemsSucceeded { get; init; }

    /// <summary>Its items with errors.</summary>
    public long? ItemsErrored { get; init; }

    /// <summary>The number of its tasks.</summary>
    public long TasksTotal { get; init; }

    /// <summary>When it was accepted.</summary>
    public string CreatedAt { get; init; } = "";

    /// <summary>When work on it began, or null.</summary>
    public string? StartedAt { get; init; }

    /// <summary>When it was finished, or null.</summary>
    public string? FinishedAt { get; init; }
}
