using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Frees tasks whose holders' leases have lapsed.</summary>
internal static class FreeLapsed
{
    const string Lapsed = "t.state = 'running' and t.lease_until <= @now";

    /// <summary>The jobs that have such tasks.</summary>
    public static Task<List<string>> JobsAsync(IndexSession session) =>
        session.ListAsync<string>($"select distinct t.job_id from tasks t where {Lapsed} order by t.job_id", new { now = session.Now });

    /// <summary>Those of one job.</summary>
    public static async Task<int> RunAsync(IndexSession session, string id)
    {
        if (await LockJob.RunAsync(session, id) is not { } job) return 0;
        List<TaskRow> tasks = await session.ListAsync<TaskRow>(
            TaskColumns.Select + $" where t.job_id = @id and {Lapsed} order by t.ordinal" + session.LockRows, new { id, now = session.Now });
        foreach (TaskRow task in tasks)
        {
            if (await ReleaseTask.LetGoAsync(session, job, task, task.FailuresAfterLapse, "lapsed", null, TimeSpan.Zero))
                await Enqueue.TaskAsync(session, job, task.Ordinal);
        }
        return tasks.Count;
    }
}

/// <summary>
/// Frees at once what processes that are gone held, whatever their leases say: tasks are queued again, without a failure,
/// plans may be made anew, and jobs that were running are queued. For whoever has the root, and so its index, alone.
/// </summary>
internal static class TakeOver
{
    const string Held = """
        select j.id from jobs j
        where j.kind <> 'pipeline' and j.state in ('running', 'cancelling')
        order by j.id
        """;

    /// <summary>The jobs that somebody worked on.</summary>
    public static Task<List<string>> JobsAsync(IndexSession session) => session.ListAsync<string>(Held);

    /// <summary>One of them.</summary>
    public static async Task<int> RunAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { } family) return 0;
        List<TaskRow> tasks = await session.ListAsync<TaskRow>(
            TaskColumns.Select + " where t.job_id = @id and t.state = 'running' order by t.ordinal" + session.LockRows, new { id });
        foreach (TaskRow task in tasks)
            await ReleaseTask.LetGoAsync(session, family.Job, task, task.Failures, EnumText.Of(ReleaseKind.GivenBack), null, TimeSpan.Zero);
        await session.ExecuteAsync("update jobs set plan_until = null where id = @id", new { id });
        // One whose tasks are all done is about to be ended.
        bool open = family.Job.PlannedAt is null || (await SettleTask.OpenAsync(session, id)).Opened > 0;
        if (open && family.Job.State == JobState.Running) await MoveJob.RunAsync(session, family.Job, JobState.Queued);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return 1;
    }
}
