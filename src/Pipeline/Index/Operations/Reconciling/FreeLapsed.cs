namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Frees tasks whose holders' leases have lapsed.</summary>
internal static class FreeLapsed
{
    const string Lapsed = "t.state = 'running' and t.lease_until <= @now";

    /// <summary>The jobs that have such tasks.</summary>
    public static Task<List<string>> JobsAsync(IndexSession session) =>
        session.ListAsync<string>($"select distinct t.job_id from tasks t join jobs j on j.id = t.job_id where {Lapsed} and {LocalJobs.AreOthers} order by t.job_id", new { now = session.Now });

    /// <summary>Those of one job.</summary>
    public static async Task<int> RunAsync(IndexSession session, string id)
    {
        if (await LockJob.RunAsync(session, id).ConfigureAwait(false) is not { } job) return 0;
        List<TaskRow> tasks = await session.ListAsync<TaskRow>(
            TaskColumns.Select + $" where t.job_id = @id and {Lapsed} order by t.ordinal" + session.LockRows, new { id, now = session.Now }).ConfigureAwait(false);
        foreach (TaskRow task in tasks)
        {
            if (await ReleaseTask.LetGoAsync(session, job, task, task.FailuresAfterLapse, "lapsed", null, TimeSpan.Zero).ConfigureAwait(false))
                await Enqueue.TaskAsync(session, job, task.Ordinal).ConfigureAwait(false);
        }
        return tasks.Count;
    }
}
