using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Schedules and what became of their times. A time is dealt with in the transaction that enters its row, moves the schedule on to
/// its next time and submits its run: of any number of callers one does so.
/// </summary>
public interface IScheduleIndex
{
    /// <summary>Makes a schedule; false: the name is taken, and nothing was changed.</summary>
    Task<bool> AddAsync(ScheduleRow schedule, CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes a schedule's expression, zone, template, policies, pause and next time, where it is still of the version that is given.
    /// </summary>
    Task<bool> ChangeAsync(ScheduleRow schedule, CancellationToken cancellationToken = default);

    /// <summary>A schedule, or null.</summary>
    Task<ScheduleRow?> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>All schedules, by name.</summary>
    Task<IReadOnlyList<ScheduleRow>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a schedule with what became of its times; its jobs stay and go on. False: there is none.</summary>
    Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>What became of a schedule's latest times, the newest first.</summary>
    Task<IReadOnlyList<TickRow>> TicksAsync(string name, int limit, CancellationToken cancellationToken = default);

    /// <summary>Schedules that aren't paused and have a time that has come, or a run that waits and whose turn it is.</summary>
    Task<IReadOnlyList<ScheduleRow>> DueAsync(CancellationToken cancellationToken = default);

    /// <summary>The first time of a schedule whose run waits for its turn, and whose turn it is; or null.</summary>
    Task<DateTimeOffset?> WaitingAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Starts the run of a time, or leaves it out or lets it wait, as the schedule's overlap policy says.</summary>
    /// <param name="schedule">The schedule as it was read.</param>
    /// <param name="tick">The time, and the one after it.</param>
    /// <param name="run">The run's jobs.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What became of it; null: another was faster, or the schedule was changed; nothing was changed here.</returns>
    Task<TickRow?> StartAsync(ScheduleRow schedule, Tick tick, Submission run, CancellationToken cancellationToken = default);

    /// <summary>Starts a run that waited; null: it isn't its turn, or another was faster.</summary>
    Task<TickRow?> StartWaitingAsync(ScheduleRow schedule, DateTimeOffset time, Submission run,
        CancellationToken cancellationToken = default);

    /// <summary>Starts a run that a user asks for, whatever else runs; null: the schedule was changed meanwhile.</summary>
    Task<TickRow?> StartNowAsync(ScheduleRow schedule, DateTimeOffset time, Submission run, CancellationToken cancellationToken = default);

    /// <summary>Enters that a time has no run, and why; false: another was faster, or the schedule was changed.</summary>
    Task<bool> PassAsync(ScheduleRow schedule, Tick tick, TickOutcome outcome, string? reason,
        CancellationToken cancellationToken = default);
}

/// <summary>A time of a schedule.</summary>
/// <param name="At">The time.</param>
/// <param name="Next">The schedule's next one to deal with; null: there is none.</param>
public sealed record Tick(DateTimeOffset At, DateTimeOffset? Next);

/// <summary>A schedule as the index keeps it; names follow the columns.</summary>
public sealed record ScheduleRow
{
    /// <summary>Whose it is; set by the index.</summary>
    public Tenant Tenant => Tenant.Of(TenantName);

    internal string TenantName { get; init; } = "";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it runs.</summary>
    public required string Cron { get; init; }

    /// <summary>The time zone that the expression is meant in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The manifest's template, JSON.</summary>
    public required string Manifest { get; init; }

    /// <summary>What happens to a run whose time comes while an earlier one hasn't ended.</summary>
    public Contracts.Manifests.ScheduleOverlap Overlap { get; init; }

    /// <summary>What happens to runs whose time passed unseen.</summary>
    public Contracts.Manifests.ScheduleMissed Missed { get; init; }

    /// <summary>Whether it starts nothing for now.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The first time that nobody dealt with; null where none comes any more.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>How many runs were started.</summary>
    public long Runs { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a user last changed it.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Grows with each change and each time.</summary>
    public long Version { get; init; }
}

/// <summary>What became of one of a schedule's times.</summary>
public sealed record TickRow
{
    /// <summary>The time.</summary>
    public DateTimeOffset ScheduledFor { get; init; }

    /// <summary>What became of it.</summary>
    public TickOutcome Outcome { get; init; }

    /// <summary>The job that was submitted, or null.</summary>
    public string? JobId { get; init; }

    /// <summary>Why none was, or null.</summary>
    public string? Reason { get; init; }
}
