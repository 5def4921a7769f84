using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>How far a job is, summed over its tasks (over its jobs' tasks for a pipeline).</summary>
public sealed record JobFigures
{
    /// <summary>The tasks as planned by state; states without tasks are left out. Halves of split tasks aren't counted.</summary>
    public required IReadOnlyDictionary<TaskState, long> Tasks { get; init; }

    /// <summary>Units done.</summary>
    public required long Done { get; init; }

    /// <summary>Units in all, as far as they are known; 0 before planning.</summary>
    public required long Total { get; init; }

    /// <summary>What is counted, in the plural, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>What the newest running task does, or null.</summary>
    public string? Phase { get; init; }

    /// <summary>Items with results only, in finished tasks.</summary>
    public required long ItemsSucceeded { get; init; }

    /// <summary>Items with errors, in finished tasks.</summary>
    public required long ItemsErrored { get; init; }

    /// <summary>Live figures of the newest running task, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>Units a second since work on the tasks began, or null where nothing is done yet.</summary>
    public double? Rate { get; init; }
}

// How far a job, or a pipeline, is. Figures are made from the tasks' rows, never counted along.
internal sealed partial class JobIndex
{
    const string OfFamily = "(t.job_id = @job or t.job_id in (select id from jobs where parent_id = @job))";

    const string TaskCounts = $"""
        select t.state as State, count(*) as Tasks, cast(sum(t.succeeded) as bigint) as Succeeded, cast(sum(t.errored) as bigint) as Errored
        from tasks t where {OfFamily} and t.parent is null group by t.state
        """;

    // A split task's units are its halves'.
    const string Progress = $"""
        select cast(coalesce(sum(t.progress_done), 0) as bigint) as Done, cast(coalesce(sum(t.progress_total), 0) as bigint) as Total,
               min(t.started_at) as StartedAt, max(t.finished_at) as FinishedAt
        from tasks t where {OfFamily} and t.children = 0
        """;

    const string NewestTask = TaskRow.Select
        + $" where {OfFamily} and t.state = 'running' and t.phase is not null order by t.started_at desc, t.ordinal desc limit 1";

    const string AnyUnit = $"select t.unit from tasks t where {OfFamily} and t.unit is not null limit 1";

    /// <inheritdoc/>
    public Task<JobFigures> FiguresAsync(string job, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => FiguresAsync(s, job), cancellationToken);

    static async Task<JobFigures> FiguresAsync(IndexSession session, string job)
    {
        var which = new { job = await OwnJob.RunAsync(session, job) };
        IReadOnlyList<StateRow> states = await session.ListAsync<StateRow>(TaskCounts, which);
        ProgressSum progress = await session.FirstAsync<ProgressSum>(Progress, which) ?? new ProgressSum();
        TaskRow? newest = await session.FirstAsync<TaskRow>(NewestTask, which);
        bool open = states.Any(s => s.State is TaskState.Queued or TaskState.Running or TaskState.Split);
        TimeSpan? took = (open ? session.Time : progress.FinishedAt) - progress.StartedAt;
        return new JobFigures
        {
            Tasks = states.ToDictionary(s => s.State, s => s.Tasks),
            Done = progress.Done,
            Total = progress.Total,
            Unit = newest?.Unit ?? await session.ScalarAsync<string>(AnyUnit, which),
            Phase = newest?.Phase,
            ItemsSucceeded = states.Sum(s => s.Succeeded),
            ItemsErrored = states.Sum(s => s.Errored),
            Figures = newest?.Figures ?? new Dictionary<string, double>(),
            Rate = progress.Done > 0 && took is { TotalSeconds: > 0 } span ? progress.Done / span.TotalSeconds : null,
        };
    }

    sealed record StateRow
    {
        public TaskState State { get; init; }

        public long Tasks { get; init; }

        public long Succeeded { get; init; }

        public long Errored { get; init; }
    }

    sealed record ProgressSum
    {
        public long Done { get; init; }

        public long Total { get; init; }

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? FinishedAt { get; init; }
    }
}
