using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>What follows when a task has ended: the task that it is half of, and its job's end.</summary>
internal static class SettleTask
{
    const string Counts = """
        select coalesce(sum(case when state in ('queued', 'running', 'split') then 1 else 0 end), 0) as Opened,
               coalesce(sum(case when state = 'running' then 1 else 0 end), 0) as Running
        from tasks where job_id = @job
        """;

    const string OpenHalves = "select count(*) from tasks where job_id = @job and parent = @parent and state not in ('completed', 'poisoned')";

    const string Ready = "update tasks set state = 'queued', not_before = null where job_id = @job and ordinal = @parent and state = 'split'";

    /// <summary>Readies the parent after its last half, and asks for the job's end after its last task. The job is locked.</summary>
    public static async Task<CommitOutcome> RunAsync(IndexSession session, JobRow job, TaskRow task)
    {
        int? ready = null;
        if (task.Parent is { } parent && await LastHalfAsync(session, task)
            && await session.ExecuteAsync(Ready, new { job = job.Id, parent }) == 1)
        {
            ready = parent;
            await Enqueue.TaskAsync(session, job, parent);
        }
        OpenTasks open = await OpenAsync(session, job.Id);
        bool last = open.Opened == 0 || (job.State == JobState.Cancelling && open.Running == 0);
        if (last && !job.State.IsFinal()) await Enqueue.FinalizeAsync(session, job.Id);
        return new CommitOutcome(true, last, ready);
    }

    /// <summary>The outcome of a commit that was made before.</summary>
    public static async Task<CommitOutcome> OutcomeAsync(IndexSession session, TaskRow task)
    {
        OpenTasks open = await OpenAsync(session, task.JobId);
        bool ready = task.Parent is not null && await LastHalfAsync(session, task);
        return new CommitOutcome(true, open.Opened == 0, ready ? task.Parent : null);
    }

    /// <summary>How many tasks of a job are open, and how many of them are worked on.</summary>
    public static async Task<OpenTasks> OpenAsync(IndexSession session, string job) =>
        await session.FirstAsync<OpenTasks>(Counts, new { job }) ?? new OpenTasks();

    static async Task<bool> LastHalfAsync(IndexSession session, TaskRow task) =>
        await session.ScalarAsync<long>(OpenHalves, new { job = task.JobId, parent = task.Parent }) == 0;
}

/// <summary>How many tasks of a job aren't done.</summary>
internal sealed record OpenTasks
{
    /// <summary>Those that are queued, running or waiting for their halves.</summary>
    public long Opened { get; init; }

    /// <summary>Those that a worker holds.</summary>
    public long Running { get; init; }
}
