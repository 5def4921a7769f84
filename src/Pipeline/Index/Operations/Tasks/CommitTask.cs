using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Ends a task with what it made. The job's row is locked first, so that of the last two commits one sees no open task.</summary>
internal static class CommitTask
{
    const string Sql = """
        update tasks
        set state = @state, succeeded = @Succeeded, errored = @Errored, errors = @errors, cost = @Cost, error = @error,
            progress_total = case when progress_total > item_count then progress_total else item_count end,
            progress_done = case when progress_total > item_count then progress_total else item_count end,
            owner = null, claim = null, lease_until = null, finished_at = @now
        where job_id = @job and ordinal = @ordinal and attempt = @attempt and state = 'running'
        """;

    /// <summary>Completes the task, or gives it up where a reason is given.</summary>
    public static async Task<CommitOutcome> RunAsync(IndexSession session, TaskKey key, int attempt, TaskCommit commit, PoisonEntry? poison = null)
    {
        if (await LockJob.RunAsync(session, key.Job) is not { } job
            || await ReadTasks.LockAsync(session, key) is not { } task)
        {
            return CommitOutcome.Fenced;
        }
        TaskState end = poison is null ? TaskState.Completed : TaskState.Poisoned;
        // The same commit again, after an answer that was lost: by the index's own retries, or by a worker's.
        if (task.State == end && task.Attempt == attempt) return await SettleTask.OutcomeAsync(session, task);
        if (task.State != TaskState.Running || task.Attempt != attempt || job.State.IsFinal()) return CommitOutcome.Fenced;

        await session.ExecuteAsync(Sql, new
        {
            job = key.Job,
            ordinal = key.Ordinal,
            attempt,
            state = EnumText.Of(end),
            commit.Succeeded,
            commit.Errored,
            errors = IndexJson.Of(commit.Errors),
            commit.Cost,
            error = poison?.Reason,
            now = session.Now,
        });
        await SaveCommit.RunAsync(session, task, commit);
        if (poison is not null) await ListPoison.AddAsync(session, task, poison);
        await EndAttempt.RunAsync(session, task, EnumText.Of(end), poison?.Reason);
        return await SettleTask.RunAsync(session, job, task);
    }
}
