using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Moves a locked job to another state: the one write of a state in the pipeline's operations, and the state machine is asked.
/// </summary>
internal static class MoveJob
{
    const string Sql = """
        update jobs
        set state = @state,
            error = @error,
            owner = @owner,
            started_at = case when @running = 1 then coalesce(started_at, @now) else started_at end,
            finished_at = case when @final = 1 then @now end,
            version = version + 1
        where id = @id and state = @from
        """;

    /// <summary>Moves it one transition on.</summary>
    /// <exception cref="InvalidOperationException">The state machine doesn't allow it.</exception>
    public static async Task<JobRow> RunAsync(IndexSession session, JobRow job, JobState to, string? error = null, string? owner = null)
    {
        JobStateMachine.Demand(job.State, to);
        int changed = await session.ExecuteAsync(Sql, new
        {
            id = job.Id,
            from = job.State.Name(),
            state = to.Name(),
            error,
            owner,
            now = session.Now,
            running = to == JobState.Running ? 1 : 0,
            final = to.IsFinal() ? 1 : 0,
        });
        if (changed != 1) throw new InvalidOperationException($"Job {job.Id} is no longer {job.State.Name()}: it wasn't locked.");
        await TellWebhooks.RunAsync(session, job.Id, to);
        return job with { State = to, Error = error, Owner = owner, Version = job.Version + 1 };
    }

    /// <summary>Moves it by as many transitions as it takes; none where it is there.</summary>
    /// <exception cref="InvalidOperationException">No transitions lead there.</exception>
    public static async Task<JobRow> ThroughAsync(IndexSession session, JobRow job, JobState to, string? error = null)
    {
        foreach (JobState next in JobStateMachine.Path(job.State, to))
            job = await RunAsync(session, job, next, next == to ? error : null);
        return job;
    }
}

/// <summary>Makes a locked pipeline's state anew from its jobs' states.</summary>
internal static class UpdatePipeline
{
    const string States = "select state as State, name as Name from jobs where parent_id = @id order by place";

    /// <summary>Nothing where there is no pipeline. Returns whether the state changed.</summary>
    public static async Task<bool> RunAsync(IndexSession session, JobRow? pipeline)
    {
        if (pipeline is null) return false;
        IReadOnlyList<Child> jobs = await session.ListAsync<Child>(States, new { id = pipeline.Id });
        JobState state = PipelineState.Of(pipeline.State, [.. jobs.Select(j => j.State)]);
        if (state == pipeline.State) return false;
        string? error = state == JobState.Failed ? $"{jobs.First(j => j.State == JobState.Failed).Name} failed." : null;
        await MoveJob.ThroughAsync(session, pipeline, state, error);
        return true;
    }

    sealed record Child
    {
        public JobState State { get; init; }

        public string Name { get; init; } = "";
    }
}
