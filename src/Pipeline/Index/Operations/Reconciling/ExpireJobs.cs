using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

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
        if (await LockJob.WithPipelineAsync(session, id).ConfigureAwait(false) is not { } family) return 0;
        JobRow job = family.Job;
        if (job.State is not (JobState.Queued or JobState.Blocked) || job.PlanAttempt > 0 || !job.IsExpired(session)) return 0;
        await EndJob.RunAsync(session, job, new JobEnd(JobState.Expired) { Error = "Its time ran out before work on it began." }).ConfigureAwait(false);
        await UpdatePipeline.RunAsync(session, family.Pipeline).ConfigureAwait(false);
        return 1;
    }
}
