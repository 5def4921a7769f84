using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

// Trying failed jobs again.
internal sealed partial class JobIndex
{
    const string GivenUpTasks = $"""
        {TaskRows.Anew}
        where job_id = @job and (state = 'cancelled' or (state = 'poisoned' and kind <> 'sample')) and children = 0
        """;

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string job, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => RetryAsync(s, job), cancellationToken);

    // All of its unfinished tasks; its rows of the poison list are dealt with by that.
    static async Task<bool> RetryAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { Job: { State: JobState.Failed, PlannedAt: not null } job } family)
            return false;
        if (await session.ExecuteAsync(GivenUpTasks, new { job = id }) == 0) return false;
        await session.ExecuteAsync("update poison set state = 'requeued' where job_id = @id and state = 'listed'", new { id });
        await ReviveJob.RunAsync(session, job);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return true;
    }
}

/// <summary>
/// Queues a locked failed job again, with those of its tasks that are queued, and blocks the jobs that failed by needing it.
/// </summary>
internal static class ReviveJob
{
    const string Forget = "update jobs set problems = null, items_succeeded = null, items_errored = null where id = @job";

    // Jobs that failed because of this one: nobody ever planned them.
    const string Fallen = """
        select d.job_id from job_dependencies d join jobs j on j.id = d.job_id
        where d.needs_id = @id and j.state = 'failed' and j.plan_attempt = 0 order by d.job_id
        """;

    public static async Task RunAsync(IndexSession session, JobRow job)
    {
        await session.ExecuteAsync(Forget, new { job = job.Id });
        job = await MoveJob.RunAsync(session, job, JobState.Queued);
        await ReviveAsync(session, job.Id);
        await Enqueue.AllTasksAsync(session, job);
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
