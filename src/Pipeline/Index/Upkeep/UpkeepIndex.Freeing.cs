using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

// Tasks and plans whose holders are gone.
internal sealed partial class UpkeepIndex
{
    const string Lapsed = "t.state = 'running' and t.lease_until <= @now";

    const string Held = """
        select j.id from jobs j
        where j.kind <> 'pipeline' and j.state in ('running', 'cancelling')
        order by j.id
        """;

    /// <inheritdoc/>
    public Task<int> FreeLapsedAsync(CancellationToken cancellationToken = default) =>
        database.EachAsync(
            s => s.ListAsync<string>($"select distinct t.job_id from tasks t where {Lapsed} order by t.job_id", new { now = s.Now }),
            FreeLapsedAsync, cancellationToken);

    static async Task<int> FreeLapsedAsync(IndexSession session, string id)
    {
        if (await LockJob.RunAsync(session, id) is not { } job) return 0;
        IReadOnlyList<TaskRow> tasks = await session.ListAsync<TaskRow>(
            TaskRow.Select + $" where t.job_id = @id and {Lapsed} order by t.ordinal" + session.LockRows, new { id, now = session.Now });
        foreach (TaskRow task in tasks)
        {
            if (await ReleaseTask.RunAsync(session, job, task, task.FailuresAfterLapse, "lapsed", null, TimeSpan.Zero))
                await Enqueue.TaskAsync(session, job, task.Ordinal);
        }
        return tasks.Count;
    }

    /// <inheritdoc/>
    public Task<int> TakeOverAsync(CancellationToken cancellationToken = default) =>
        database.EachAsync(s => s.ListAsync<string>(Held), TakeOverAsync, cancellationToken);

    // Tasks are queued again, without a failure, plans may be made anew, and jobs that were running are queued.
    static async Task<int> TakeOverAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { } family) return 0;
        IReadOnlyList<TaskRow> tasks = await session.ListAsync<TaskRow>(
            TaskRow.Select + " where t.job_id = @id and t.state = 'running' order by t.ordinal" + session.LockRows, new { id });
        foreach (TaskRow task in tasks)
            await ReleaseTask.RunAsync(session, family.Job, task, task.Failures, EnumText.Of(ReleaseKind.GivenBack), null, TimeSpan.Zero);
        await session.ExecuteAsync("update jobs set plan_until = null where id = @id", new { id });
        // One whose tasks are all done is about to be ended.
        bool open = family.Job.PlannedAt is null || (await TaskRows.OpenAsync(session, id)).Opened > 0;
        if (open && family.Job.State == JobState.Running) await MoveJob.RunAsync(session, family.Job, JobState.Queued);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return 1;
    }
}
