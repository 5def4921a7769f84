namespace DiffusionBatch.Pipeline.Index;

/// <summary>What planning found out.</summary>
public sealed record PlanOutcome
{
    /// <summary>The fingerprint that the output belongs to.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The number of tasks that were added, at least 1; the plan is refused where the index has another.</summary>
    public required int Tasks { get; init; }

    /// <summary>The input's items, or null where there are none to count.</summary>
    public long? ItemsTotal { get; init; }

    /// <summary>The version of the input file that was read, or null.</summary>
    public string? InputEtag { get; init; }

    /// <summary>How long it is expected to take, in seconds of one worker, or null: as estimated before.</summary>
    public double? EstimateSeconds { get; init; }

    /// <summary>What the user should know; they come after those that it has.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
