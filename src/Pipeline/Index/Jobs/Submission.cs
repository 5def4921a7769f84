using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What one submit enters: a single job, or a pipeline's parent followed by its jobs.</summary>
/// <param name="Jobs">The root first; the others name it as their parent, in the manifest's order.</param>
public sealed record Submission(IReadOnlyList<SubmittedJob> Jobs)
{
    /// <summary>The caller's key, or null: of all submissions with one key the first counts.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The hash of the request's body, by which a repeated request is told from another with the same key.</summary>
    public string? BodyHash { get; init; }
}

/// <summary>A job that is handed in. It becomes <c>blocked</c> where it needs others, else <c>queued</c>, and a pipeline's parent too.</summary>
public sealed record SubmittedJob
{
    /// <summary>Its id: <c>job_</c> and a time-ordered GUID.</summary>
    public required string Id { get; init; }

    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Its output folder, relative to the root; empty for a pipeline.</summary>
    public string Output { get; init; } = "";

    /// <summary>Its own manifest, JSON.</summary>
    public required string Manifest { get; init; }

    /// <summary>The id of the pipeline's parent, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>The ids of the jobs of this submission whose outputs it reads.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>How urgent it is.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>When it ends unfinished, or null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long it is expected to take, in seconds of one worker, or null.</summary>
    public double? EstimateSeconds { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What became of a submission.</summary>
/// <param name="Status">Whether it was entered.</param>
/// <param name="Job">The root job: the new one, or the one that has the key already.</param>
public sealed record SubmitOutcome(SubmitStatus Status, JobRow Job);

/// <summary>What became of a submission.</summary>
public enum SubmitStatus
{
    /// <summary>It was entered.</summary>
    Created,

    /// <summary>The same body was entered before under this key.</summary>
    Existing,

    /// <summary>Another body was entered before under this key; nothing was changed.</summary>
    Conflict,
}
