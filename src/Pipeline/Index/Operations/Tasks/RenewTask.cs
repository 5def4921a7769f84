namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>
/// Prolongs a claim. It locks no job, so that heartbeats wait for nobody: its own row is written where the attempt is
/// still the caller's, and the job is looked at after.
/// </summary>
internal static class RenewTask
{
    const string Sql = """
        update tasks
        set lease_until = @until,
            phase = coalesce(@Phase, phase),
            unit = coalesce(@Unit, unit),
            figures = coalesce(@figures, figures),
            progress_total = case when @Total > 0 then @Total else progress_total end,
            progress_done = case when @Done >= 0 then @Done else progress_done end,
            failures = case when @Done > progress_best then 0 else failures end,
            progressed = case when @Done > progress_best then 1 else progressed end,
            progress_best = case when @Done > progress_best then @Done else progress_best end
        where job_id = @job and ordinal = @ordinal and attempt = @attempt and state = 'running'
        """;

    public static async Task<RenewOutcome> RunAsync(IndexSession session, TaskKey key, int attempt, TimeSpan lease, TaskProgressRow? progress)
    {
        int held = await session.ExecuteAsync(Sql, new
        {
            job = key.Job,
            ordinal = key.Ordinal,
            attempt,
            until = session.In(lease),
            progress?.Phase,
            progress?.Unit,
            Done = progress?.Done ?? -1,
            Total = progress?.Total ?? 0,
            figures = progress is null ? null : IndexJson.Of(progress.Figures),
        });
        if (held == 0) return RenewOutcome.Lost;
        JobRow? job = await ReadJobs.GetAsync(session, key.Job);
        return job is not null && job.IsLive(session) ? RenewOutcome.Held : RenewOutcome.Stop;
    }
}
