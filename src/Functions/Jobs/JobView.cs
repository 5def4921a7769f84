using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>A job as the API tells it.</summary>
public sealed record JobView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Its state.</summary>
    public required JobState State { get; init; }

    /// <summary>How urgent it is.</summary>
    public required JobPriority Priority { get; init; }

    /// <summary>Its output folder under the root; absent for a pipeline.</summary>
    public string? Output { get; init; }

    /// <summary>The pipeline that it is part of.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The ids of the jobs whose outputs it reads.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>What its output belongs to, once it is planned.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Its items, as far as they are known.</summary>
    public ItemsView? Items { get; init; }

    /// <summary>Its tasks by state; absent before planning.</summary>
    public IReadOnlyDictionary<TaskState, long>? Tasks { get; init; }

    /// <summary>How far it is; absent before work on it began.</summary>
    public JobProgressView? Progress { get; init; }

    /// <summary>How long it was expected to take, in seconds of one worker.</summary>
    public double? EstimateSeconds { get; init; }

    /// <summary>How long it took, or has taken so far, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>What was found wrong with its inputs.</summary>
    public IReadOnlyList<ApiError>? Problems { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When work on it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it ends unfinished.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A pipeline's jobs, in the manifest's order.</summary>
    public IReadOnlyList<JobView>? Jobs { get; init; }
}
