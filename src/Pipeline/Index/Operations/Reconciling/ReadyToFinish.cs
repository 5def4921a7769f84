namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Jobs that are to be ended by who finalizes: their tasks are done, or they were stopped.</summary>
internal static class ReadyToFinish
{
    const string Sql = $"""
        select j.id from jobs j
        where j.state in ('queued', 'running', 'cancelling') and j.kind <> 'pipeline' and j.manifest is not null and {LocalJobs.AreOthers}
          and ((j.planned_at is not null and not exists (
                  select 1 from tasks t where t.job_id = j.id and t.state in ('queued', 'running', 'split')))
            or (j.state = 'cancelling' and not exists (select 1 from tasks t where t.job_id = j.id and t.state = 'running'))
            or (j.expires_at <= @now and j.plan_attempt > 0))
        order by j.id
        """;

    public static async Task<IReadOnlyList<string>> RunAsync(IndexSession session) => await session.ListAsync<string>(Sql, new { now = session.Now }).ConfigureAwait(false);
}
