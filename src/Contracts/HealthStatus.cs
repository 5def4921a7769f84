namespace DiffusionBatch.Contracts;

/// <summary>The answer of a probe.</summary>
/// <param name="Status"><c>live</c> while the process serves requests; <c>ready</c> where what it needs answers too, else
/// <c>unavailable</c>.</param>
public sealed record HealthStatus(string Status)
{
    /// <summary>Whether the index's database answers; absent from <c>live</c>.</summary>
    public bool? Index { get; init; }

    /// <summary>Whether the storage of files answers; absent from <c>live</c>.</summary>
    public bool? Storage { get; init; }

    /// <summary>Whether the queues answer; absent from <c>live</c>.</summary>
    public bool? Queues { get; init; }
}
