using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Submitting;

/// <summary>A manifest as it is handed in.</summary>
/// <param name="Body">Its text, UTF-8.</param>
public sealed record SubmitRequest(ReadOnlyMemory<byte> Body)
{
    /// <summary>What problems call it.</summary>
    public string File { get; init; } = "manifest";

    /// <summary>Its syntax.</summary>
    public ManifestFormat Format { get; init; } = ManifestFormat.Json;

    /// <summary>The caller's key, 1 to 255 characters, or null: of all requests with one key the first counts.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How urgent its tasks are.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>When what isn't finished of it ends as expired, or null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>What became of a request.</summary>
/// <param name="Outcome">The job, new or known by its key, or a conflict of keys; null where there are problems.</param>
/// <param name="Problems">All that is wrong with the manifest; nothing was stored.</param>
public sealed record SubmitResult(SubmitOutcome? Outcome, IReadOnlyList<Problem> Problems);
