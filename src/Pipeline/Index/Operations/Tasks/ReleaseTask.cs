using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Lets a task go.</summary>
internal static class ReleaseTask
{
    const string Sql = """
        update tasks
        set state = @state, failures = @failures, error = coalesce(@error, error), owner = null, claim = null, lease_until = null,
            not_before = @notBefore, finished_at = case when @state = 'cancelled' then @now end
        where job_id = @job and ordinal = @ordinal
        """;

    public static async Task<bool> RunAsync(IndexSession session, TaskKey key, int attempt, TaskRelease release)
    {
        if (await LockJob.RunAsync(session, key.Job) is not { } job
            || await ReadTasks.LockAsync(session, key) is not { } task
            || task.Attempt != attempt)
        {
            return false;
        }
        if (task.State != TaskState.Running) return session.Retried && task.State is TaskState.Queued or TaskState.Cancelled;
        bool failed = release.Kind == ReleaseKind.Failed;
        await LetGoAsync(
            session, job, task, failed ? task.Failures + 1 : task.Failures, EnumText.Of(release.Kind), release.Error, failed ? release.Delay : TimeSpan.Zero);
        return true;
    }

    /// <summary>Queues a locked running task of a locked job, or cancels it where the job was stopped. True: queued.</summary>
    public static async Task<bool> LetGoAsync(IndexSession session, JobRow job, TaskRow task, int failures, string outcome, string? error, TimeSpan delay)
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
        session.ExecuteAsync(Sql, new { job = task.JobId, ordinal = task.Ordinal, attempt = task.Attempt, outcome, error, now = session.Now });
}
