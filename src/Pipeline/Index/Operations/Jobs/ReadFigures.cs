using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>How far a job, or a pipeline, is. Figures are made from the tasks' rows, never counted along.</summary>
internal static class ReadFigures
{
    const string Of = "(t.job_id = @job or t.job_id in (select id from jobs where parent_id = @job))";

    const string Tasks = $"""
        select t.state as State, count(*) as Tasks, cast(sum(t.succeeded) as bigint) as Succeeded, cast(sum(t.errored) as bigint) as Errored
        from tasks t where {Of} and t.parent is null group by t.state
        """;

    // A split task's units are its halves'.
    const string Progress = $"""
        select cast(coalesce(sum(t.progress_done), 0) as bigint) as Done, cast(coalesce(sum(t.progress_total), 0) as bigint) as Total,
               min(t.started_at) as StartedAt, max(t.finished_at) as FinishedAt
        from tasks t where {Of} and t.children = 0
        """;

    const string Newest = TaskColumns.Select + $" where {Of} and t.state = 'running' and t.phase is not null order by t.started_at desc, t.ordinal desc limit 1";

    const string Unit = $"select t.unit from tasks t where {Of} and t.unit is not null limit 1";

    public static async Task<JobFigures> RunAsync(IndexSession session, string job)
    {
        var which = new { job };
        List<StateRow> states = await session.ListAsync<StateRow>(Tasks, which);
        ProgressSum progress = await session.FirstAsync<ProgressSum>(Progress, which) ?? new ProgressSum();
        TaskRow? newest = await session.FirstAsync<TaskRow>(Newest, which);
        bool open = states.Any(s => s.State is TaskState.Queued or TaskState.Running or TaskState.Split);
        TimeSpan? took = (open ? session.Time : progress.FinishedAt) - progress.StartedAt;
        return new JobFigures
        {
            Tasks = states.ToDictionary(s => s.State, s => s.Tasks),
            Done = progress.Done,
            Total = progress.Total,
            Unit = newest?.Unit ?? await session.ScalarAsync<string>(Unit, which),
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
