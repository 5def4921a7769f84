using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Tries a given-up task again.</summary>
internal static class RequeuePoison
{
    const string Task = """
        update tasks
        set state = 'queued', failures = 0, error = null, not_before = null, finished_at = null, progress_done = 0,
            succeeded = 0, errored = 0, errors = null, cost = null
        where job_id = @job and ordinal = @ordinal and state = 'poisoned'
        """;

    const string OtherTasks = "update tasks set state = 'queued', finished_at = null where job_id = @job and state = 'cancelled' and children = 0";

    const string GivenUpTasks = """
        update tasks
        set state = 'queued', failures = 0, error = null, not_before = null, finished_at = null, progress_done = 0,
            succeeded = 0, errored = 0, errors = null, cost = null
        where job_id = @job and (state = 'cancelled' or (state = 'poisoned' and kind <> 'sample')) and children = 0
        """;

    const string Job = "update jobs set problems = null, items_succeeded = null, items_errored = null where id = @job";

    // Jobs that failed because of this one: nobody ever planned them.
    const string Fallen = """
        select d.job_id from job_dependencies d join jobs j on j.id = d.job_id
        where d.needs_id = @id and j.state = 'failed' and j.plan_attempt = 0 order by d.job_id
        """;

    public static async Task<RequeueOutcome> RunAsync(IndexSession session, long id)
    {
        if (await ListPoison.GetAsync(session, id) is not { } poison
            || await LockJob.WithPipelineAsync(session, poison.JobId) is not { } family
            || await ReadTasks.LockAsync(session, new TaskKey(poison.JobId, poison.Ordinal)) is not { } task)
        {
            return RequeueOutcome.NotListed;
        }
        if (session.Retried && poison.State == PoisonState.Requeued) return RequeueOutcome.Requeued;
        if (poison.State != PoisonState.Listed) return RequeueOutcome.NotListed;
        if (await WrittenAsync(session, family.Job, task)) return RequeueOutcome.Written;
        if (!await ListPoison.MarkAsync(session, id, PoisonState.Requeued)) return RequeueOutcome.NotListed;

        JobRow job = family.Job;
        await session.ExecuteAsync(Task, new { job = job.Id, ordinal = task.Ordinal });
        if (job.State != JobState.Failed)
        {
            await Enqueue.TaskAsync(session, job, task.Ordinal);
        }
        else
        {
            await session.ExecuteAsync(OtherTasks, new { job = job.Id });
            await QueueAsync(session, job);
        }
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return RequeueOutcome.Requeued;
    }

    /// <summary>Tries a failed job's unfinished tasks again, all of them; its rows of the list are dealt with by that.</summary>
    public static async Task<bool> JobAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { Job: { State: JobState.Failed, PlannedAt: not null } job } family) return false;
        if (await session.ExecuteAsync(GivenUpTasks, new { job = id }) == 0) return false;
        await session.ExecuteAsync("update poison set state = 'requeued' where job_id = @id and state = 'listed'", new { id });
        await QueueAsync(session, job);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return true;
    }

    static async Task QueueAsync(IndexSession session, JobRow job)
    {
        await session.ExecuteAsync(Job, new { job = job.Id });
        job = await MoveJob.RunAsync(session, job, JobState.Queued);
        await ReviveAsync(session, job.Id);
        await Enqueue.AllTasksAsync(session, job);
    }

    // A sample's item is written once its part is: at once for a whole part, with the last half for a half.
    static async Task<bool> WrittenAsync(IndexSession session, JobRow job, TaskRow task)
    {
        if (task.State != TaskState.Poisoned || job.State == JobState.Cancelling) return true;
        if (task.Kind != JobKind.Sample) return job.State.IsFinal() && job.State != JobState.Failed;
        if (job.State.IsFinal() || task.Parent is not { } parent) return true;
        TaskRow? whole = await ReadTasks.LockAsync(session, task.Key with { Ordinal = parent });
        return whole?.State != TaskState.Split;
    }

    static async Task ReviveAsync(IndexSession session, string id)
    {
        foreach (string fallen in await session.ListAsync<string>(Fallen, new { id }))
        {
            if (await LockJob.RunAsync(session, fallen) is not { State: JobState.Failed } job) continue;
            await MoveJob.ThroughAsync(session, job, JobState.Blocked);
            await ReviveAsync(session, fallen);
        }
    }
}
