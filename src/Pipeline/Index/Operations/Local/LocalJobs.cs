using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>
/// The jobs of <c>dbatch run</c>. Planned, worked on and ended by the operations that the pipeline has, they leave the same rows; the
/// claim of their plan tells them from jobs that workers may take. What they need beside those operations stands here.
/// </summary>
internal static class LocalJobs
{
    /// <summary>What the claims of their plans begin with.</summary>
    public const string ClaimPrefix = "run:";

    /// <summary>Of the jobs <c>j</c>, those of the pipeline: relays, workers and reconcilers leave the others alone.</summary>
    public const string AreOthers = $"coalesce(j.plan_claim, '') not like '{ClaimPrefix}%'";

    const string AreLocal = $"j.plan_claim like '{ClaimPrefix}%'";

    const string Newest = $"{JobColumns.Select} where j.parent_id is null and {AreLocal} and j.manifest = @manifest order by j.id desc limit 1";

    // Versions before this one kept no manifest of theirs.
    const string UnderWay = $"select j.id from jobs j where j.kind <> 'pipeline' and j.state = 'running' and ({AreLocal} or j.manifest is null) order by j.id";

    const string Take = $"update outbox set sent_at = @now where sent_at is null and job_id in (select j.id from jobs j where {AreLocal})";

    const string RunningTasks = TaskColumns.Select + " where t.job_id = @id and t.state = 'running' order by t.ordinal";

    /// <summary>The newest submission of a manifest: its only job, or its pipeline; null where there is none.</summary>
    public static Task<JobRow?> FindAsync(IndexSession session, string manifest) => session.FirstAsync<JobRow>(Newest, new { manifest });

    /// <summary>Enters the jobs of a submission.</summary>
    public static async Task<int> EnterAsync(IndexSession session, Submission submission)
    {
        await SubmitJobs.RunAsync(session, submission).ConfigureAwait(false);
        foreach (SubmittedJob job in submission.Jobs)
            await session.ExecuteAsync("update jobs set plan_claim = @claim where id = @id", new { id = job.Id, claim = ClaimPrefix }).ConfigureAwait(false);
        return await TakeMessagesAsync(session).ConfigureAwait(false);
    }

    /// <summary>Marks all messages of theirs as sent: the process that writes them is the one that they are for.</summary>
    public static Task<int> TakeMessagesAsync(IndexSession session) => session.ExecuteAsync(Take, new { now = session.Now });

    /// <summary>The jobs that are running, or were when their process ended.</summary>
    public static Task<List<string>> UnderWayAsync(IndexSession session) => session.ListAsync<string>(UnderWay);

    /// <summary>Lets go of a job that is worked on no longer: its running tasks and the job itself are queued. One whose tasks are all done is only to be ended, and stays.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="id">The job.</param>
    /// <param name="outcome">How the tasks' attempts have ended: <c>givenBack</c> or <c>lapsed</c>.</param>
    public static async Task<int> LetGoAsync(IndexSession session, string id, string outcome)
    {
        if (await LockJob.WithPipelineAsync(session, id).ConfigureAwait(false) is not { Job: { State: JobState.Running } job } family) return 0;
        foreach (TaskRow task in await session.ListAsync<TaskRow>(RunningTasks, new { id }).ConfigureAwait(false))
            await ReleaseTask.LetGoAsync(session, job, task, task.Failures, outcome, null, TimeSpan.Zero).ConfigureAwait(false);
        if (job.PlannedAt is not null && (await SettleTask.OpenAsync(session, id).ConfigureAwait(false)).Opened == 0) return 0;
        await MoveJob.RunAsync(session, job, JobState.Queued).ConfigureAwait(false);
        await UpdatePipeline.RunAsync(session, family.Pipeline).ConfigureAwait(false);
        return 1;
    }

    /// <summary>Makes a planned job that waits running again without a task, because its output turned out to be there.</summary>
    public static async Task<int> ResumeAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id).ConfigureAwait(false) is not { Job: { State: JobState.Queued } job } family) return 0;
        await MoveJob.RunAsync(session, job, JobState.Running).ConfigureAwait(false);
        await UpdatePipeline.RunAsync(session, family.Pipeline).ConfigureAwait(false);
        return 1;
    }
}
