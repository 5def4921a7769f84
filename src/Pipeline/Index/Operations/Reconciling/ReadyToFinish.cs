using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Jobs that are to be ended by who finalizes: their tasks are done, or they were stopped.</summary>
internal static class ReadyToFinish
{
    const string Sql = """
        select j.id from jobs j
        where j.state in ('queued', 'running', 'cancelling') and j.kind <> 'pipeline' and j.manifest is not null
          and ((j.planned_at is not null and not exists (
                  select 1 from tasks t where t.job_id = j.id and t.state in ('queued', 'running', 'split')))
            or (j.state = 'cancelling' and not exists (select 1 from tasks t where t.job_id = j.id and t.state = 'running'))
            or (j.expires_at <= @now and j.plan_attempt > 0))
        order by j.id
        """;

    public static async Task<IReadOnlyList<string>> RunAsync(IndexSession session) => await session.ListAsync<string>(Sql, new { now = session.Now });
}

/// <summary>Ends jobs whose time ran out before anyone planned them.</summary>
internal static class ExpireJobs
{
    const string Sql = """
        select id from jobs
        where expires_at <= @now and plan_attempt = 0 and state in ('queued', 'blocked') and kind <> 'pipeline' and manifest is not null
        order by id
        """;

    /// <summary>The jobs to end.</summary>
    public static Task<List<string>> JobsAsync(IndexSession session) => session.ListAsync<string>(Sql, new { now = session.Now });

    /// <summary>One of them; 1 where it was ended.</summary>
    public static async Task<int> RunAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { } family) return 0;
        JobRow job = family.Job;
        if (job.State is not (JobState.Queued or JobState.Blocked) || job.PlanAttempt > 0 || !job.IsExpired(session)) return 0;
        await EndJob.RunAsync(session, job, new JobEnd(JobState.Expired) { Error = "Its time ran out before work on it began." });
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return 1;
    }
}
