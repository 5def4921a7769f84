using System.Text.Json.Serialization;

namespace DiffusionBatch.Contracts;

/// <summary>
/// What a tenant may have, as an admin sets it; what is left out isn't limited, so that a name that isn't known is refused.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record QuotaBody
{
    /// <summary>The most items of its jobs that are queued or being worked on; 0 or more.</summary>
    public long? QueuedItems { get; init; }

    /// <summary>The most bytes of its files; 0 or more.</summary>
    public long? FileBytes { get; init; }

    /// <summary>The most of its tasks that run at once; 0 or more.</summary>
    public long? RunningTasks { get; init; }
}

/// <summary>What a tenant may have, and what it has.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Most">What it may have.</param>
/// <param name="QueuedItems">Items of its planned jobs that aren't done.</param>
/// <param name="FileBytes">Bytes of the files that it wrote, and of those of <c>/v1/files</c>.</param>
/// <param name="RunningTasks">Its tasks that run.</param>
public sealed record QuotaView(string Tenant, QuotaBody Most, long QueuedItems, long FileBytes, long RunningTasks);
