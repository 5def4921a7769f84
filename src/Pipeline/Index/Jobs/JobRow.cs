using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>A job as the index keeps it; names follow the columns.</summary>
public sealed record JobRow
{
    /// <summary>A select of all jobs, named <c>j</c>.</summary>
    internal const string Select = """
        select j.id as Id, j.name as Name, j.kind as Kind, j.output as Output, j.fingerprint as Fingerprint, j.state as State,
               j.owner as Owner, j.error as Error, j.items_total as ItemsTotal, j.items_succeeded as ItemsSucceeded,
               j.items_errored as ItemsErrored, j.tasks_total as TasksTotal, j.priority as Priority, j.manifest as Manifest,
               j.parent_id as ParentId, j.plan_attempt as PlanAttempt, j.planned_at as PlannedAt, j.expires_at as ExpiresAt,
               j.input_etag as InputEtag, j.problems as ProblemsJson, j.warnings as WarningsJson,
               j.estimate_seconds as EstimateSeconds, j.version as Version, j.created_at as CreatedAt,
               j.started_at as StartedAt, j.finished_at as FinishedAt, j.schedule as Schedule, j.scheduled_for as ScheduledFor,
               j.tenant as TenantName
        from jobs j
        """;

    /// <summary>The job's id, <c>job_</c> and a time-ordered GUID.</summary>
    public required string Id { get; init; }

    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>What it does; <see cref="JobKind.Pipeline"/> is the parent of the jobs of one manifest.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Its output folder, relative to the root; empty for a pipeline.</summary>
    public required string Output { get; init; }

    /// <summary>The fingerprint that its output belongs to; empty until it is planned.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Its state.</summary>
    public required JobState State { get; init; }

    /// <summary>The process that works on it, or null: the planner.</summary>
    public string? Owner { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Its items, or null where that isn't known.</summary>
    public long? ItemsTotal { get; init; }

    /// <summary>Its items without errors; known once it is finished.</summary>
    public long? ItemsSucceeded { get; init; }

    /// <summary>Its items with errors; known once it is finished.</summary>
    public long? ItemsErrored { get; init; }

    /// <summary>The number of its tasks as planned, 0 until then; the halves of split ones aren't counted.</summary>
    public long TasksTotal { get; init; }

    /// <summary>How urgent it is.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>Its manifest, JSON; null for jobs that an older version's <c>dbatch run</c> entered.</summary>
    public string? Manifest { get; init; }

    /// <summary>The job's manifest, read; a pipeline has none of its own work.</summary>
    public WorkManifest ReadManifest() =>
        (WorkManifest)ManifestReader.Parse(Encoding.UTF8.GetBytes(Manifest!), "manifest", ManifestFormat.Json, null).Require();

    /// <summary>Whose it is.</summary>
    public Tenant Tenant => Tenant.Of(TenantName);

    /// <summary>The pipeline that it is part of, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>The schedule that it is a run of, or null.</summary>
    public string? Schedule { get; init; }

    /// <summary>The time of that run, or null.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>The newest plan's number; 0 where nobody planned it yet.</summary>
    public int PlanAttempt { get; init; }

    /// <summary>When its tasks were all there, or null.</summary>
    public DateTimeOffset? PlannedAt { get; init; }

    /// <summary>When it ends unfinished, or null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The version of the input file that it was planned over, or null.</summary>
    public string? InputEtag { get; init; }

    /// <summary>What was found wrong with its inputs.</summary>
    public IReadOnlyList<Problem> Problems => IndexJson.Problems(ProblemsJson);

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings => IndexJson.Strings(WarningsJson);

    /// <summary>How long it was expected to take, in seconds of one worker, or null.</summary>
    public double? EstimateSeconds { get; init; }

    /// <summary>Grows with each change of the job itself; its tasks' progress isn't counted.</summary>
    public long Version { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When work on it (its planning first) began, or null.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    internal string TenantName { get; init; } = "";

    internal string? ProblemsJson { get; init; }

    internal string? WarningsJson { get; init; }
}
