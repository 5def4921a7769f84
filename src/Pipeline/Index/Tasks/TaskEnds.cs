using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Lets a locked running task of a locked job go.</summary>
internal static class ReleaseTask
{
    const string Sql = """
        update tasks
        set state = @state, failures = @failures, error = coalesce(@error, error), owner = null, claim = null, lease_until = null,
            not_before = @notBefore, finished_at = case when @state = 'cancelled' then @now end
        where job_id = @job and ordinal = @ordinal
        """;

    /// <summary>Queues it, or cancels it where the job was stopped. True: queued.</summary>
    public static async Task<bool> RunAsync(IndexSession session, JobRow job, TaskRow task, int failures, string outcome, string? error,
        TimeSpan delay)
    {
        bool live = job.IsLive(session);
        await session.ExecuteAsync(Sql, new
        {
            job = task.JobId,
            ordinal = task.Ordinal,
            state = EnumText.Of(live ? TaskState.Queued : TaskState.Cancelled),
            failures,
            error,
            notBefore = live && delay > TimeSpan.Zero ? session.In(delay) : null,
            now = session.Now,
        });
        await EndAttempt.RunAsync(session, task, outcome, error);
        if (!live) await SettleTask.RunAsync(session, job, task);
        return live;
    }
}

/// <summary>Says how a task's present attempt ended.</summary>
internal static class EndAttempt
{
    const string Sql = """
        update attempts set ended_at = @now, outcome = @outcome, error = @error
        where job_id = @job and ordinal = @ordinal and attempt = @attempt and ended_at is null
        """;

    public static Task<int> RunAsync(IndexSession session, TaskRow task, string outcome, string? error = null) =>
        session.ExecuteAsync(Sql,
            new { job = task.JobId, ordinal = task.Ordinal, attempt = task.Attempt, outcome, error, now = session.Now });
}

/// <summary>What follows when a task has ended: the task that it is half of, and its job's end.</summary>
internal static class SettleTask
{
    const string OpenHalves = "select count(*) from tasks where job_id = @job and parent = @parent and state not in ('completed', "
        + "'poisoned')";

    const string Ready = "update tasks set state = 'queued', not_before = null where job_id = @job and ordinal = @parent and state "
        + "= 'split'";

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
        OpenTasks open = await TaskRows.OpenAsync(session, job.Id);
        bool last = open.Opened == 0 || (job.State == JobState.Cancelling && open.Running == 0);
        if (last && !job.State.IsFinal()) await Enqueue.FinalizeAsync(session, job.Id);
        return new CommitOutcome(true, last, ready) { MakesRoom = await AdmitTasks.IsWorthItAsync(session, job.Tenant.Value) };
    }

    /// <summary>The outcome of a commit that was made before.</summary>
    public static async Task<CommitOutcome> OutcomeAsync(IndexSession session, TaskRow task)
    {
        OpenTasks open = await TaskRows.OpenAsync(session, task.JobId);
        bool ready = task.Parent is not null && await LastHalfAsync(session, task);
        return new CommitOutcome(true, open.Opened == 0, ready ? task.Parent : null);
    }

    static async Task<bool> LastHalfAsync(IndexSession session, TaskRow task) =>
        await session.ScalarAsync<long>(OpenHalves, new { job = task.JobId, parent = task.Parent }) == 0;
}
