using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Takes a task. The attempt's number is the fencing token: what an earlier holder still writes finds another one.</summary>
internal static class ClaimTask
{
    const string Sql = """
        update tasks
        set state = 'running', attempt = attempt + 1, failures = @failures, owner = @owner, claim = @claim, lease_until = @until,
            not_before = null, progressed = 0, started_at = coalesce(started_at, @now)
        where job_id = @job and ordinal = @ordinal
        """;

    const string Attempt = """
        insert into attempts (job_id, ordinal, attempt, owner, started_at) values (@job, @ordinal, @attempt, @owner, @now)
        on conflict (job_id, ordinal, attempt) do nothing
        """;

    public static async Task<ClaimOutcome> RunAsync(IndexSession session, TaskKey key, string owner, TimeSpan lease, string claim)
    {
        if (await LockJob.WithPipelineAsync(session, key.Job) is not { } family
            || await ReadTasks.LockAsync(session, key) is not { } task)
        {
            return new ClaimOutcome(ClaimStatus.Stopped);
        }
        if (Refusal(session, family.Job, task, lease, claim) is { } refusal) return refusal;
        if (task.Claim == claim) return new ClaimOutcome(ClaimStatus.Claimed, task);

        bool lapsed = task.State == TaskState.Running;
        if (lapsed) await EndAttempt.RunAsync(session, task, "lapsed");
        await session.ExecuteAsync(Sql, new
        {
            job = key.Job,
            ordinal = key.Ordinal,
            failures = lapsed ? task.FailuresAfterLapse : task.Failures,
            owner,
            claim,
            until = session.In(lease),
            now = session.Now,
        });
        await session.ExecuteAsync(Attempt, new { job = key.Job, ordinal = key.Ordinal, attempt = task.Attempt + 1, owner, now = session.Now });
        if (family.Job.State == JobState.Queued)
        {
            await MoveJob.RunAsync(session, family.Job, JobState.Running);
            await UpdatePipeline.RunAsync(session, family.Pipeline);
        }
        return new ClaimOutcome(ClaimStatus.Claimed, await ReadTasks.LockAsync(session, key));
    }

    static ClaimOutcome? Refusal(IndexSession session, JobRow job, TaskRow task, TimeSpan lease, string claim)
    {
        if (task.State is TaskState.Completed or TaskState.Poisoned or TaskState.Split) return new ClaimOutcome(ClaimStatus.Done);
        if (task.State == TaskState.Cancelled || !job.IsLive(session)) return new ClaimOutcome(ClaimStatus.Stopped);
        if (job.PlannedAt is null) return new ClaimOutcome(ClaimStatus.Held, Until: session.Time + lease);
        if (task.State == TaskState.Running && task.Claim != claim && task.LeaseUntil > session.Time) return new ClaimOutcome(ClaimStatus.Held, Until: task.LeaseUntil);
        return task.State == TaskState.Queued && task.NotBefore > session.Time ? new ClaimOutcome(ClaimStatus.Held, Until: task.NotBefore) : null;
    }
}
