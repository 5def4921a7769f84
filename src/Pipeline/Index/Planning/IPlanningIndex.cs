using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What a planner does with the index: it claims a job, adds its tasks, and ends its planning.</summary>
public interface IPlanningIndex
{
    /// <summary>
    /// Takes a job to plan it: it becomes <c>running</c>. Returns the plan's number, its fencing token, or null where
    /// there is nothing to plan: it is planned, blocked, cancelled, ended or expired, or another's lease still lasts.
    /// </summary>
    Task<int?> ClaimPlanAsync(string job, string owner, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds tasks, those that are there already left as they are, and renews the plan's lease from now by as long as it
    /// was claimed for. False: stop planning; another plans, or the job is cancelled, ended or expired.
    /// </summary>
    Task<bool> AddTasksAsync(string job, int planAttempt, IReadOnlyList<TaskPlan> tasks, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the planning: the job is <c>queued</c> until a worker claims its first task, and each task has a message.
    /// A job that needs no tasks, or can't have them, is ended by <see cref="IJobIndex.FinishAsync"/> in place of this.
    /// </summary>
    /// <returns>False: as in <see cref="AddTasksAsync"/>.</returns>
    /// <exception cref="QuotaExceededException">Its tenant may not have so many items queued; the plan isn't ended.</exception>
    Task<bool> FinishPlanAsync(string job, int planAttempt, PlanOutcome plan, CancellationToken cancellationToken = default);
}

/// <summary>A task to add.</summary>
/// <param name="Ordinal">Its number in the job, from 0; halves of a split task are numbered by the index.</param>
/// <param name="Kind">The job's kind.</param>
public sealed record TaskPlan(int Ordinal, JobKind Kind)
{
    /// <summary>The part of each cell that it makes, or null where the job has none.</summary>
    public int? Part { get; init; }

    /// <summary>Its first item's place in the input, from 0.</summary>
    public long FirstItem { get; init; }

    /// <summary>The number of its items.</summary>
    public long ItemCount { get; init; }

    /// <summary>Where its first line begins in the input file, in bytes.</summary>
    public long ByteOffset { get; init; }

    /// <summary>The length of its lines in bytes.</summary>
    public long ByteLength { get; init; }

    /// <summary>
    /// Units of its progress (items times cells, steps), so that a job's share is known before all tasks began; null: its items, or a
    /// half's share of the whole's.
    /// </summary>
    public long? Units { get; init; }

    /// <summary>The number of its first line, from 1.</summary>
    public long FirstLine { get; init; } = 1;
}

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
