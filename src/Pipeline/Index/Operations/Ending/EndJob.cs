namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Ends a locked job with all that follows; its pipeline's state is the caller's to make anew.</summary>
internal static class EndJob
{
    const string Sql = """
        update jobs
        set items_total = coalesce(@total, items_total), items_succeeded = coalesce(@succeeded, items_succeeded),
            items_errored = coalesce(@errored, items_errored), fingerprint = coalesce(@fingerprint, fingerprint),
            problems = @problems, warnings = @warnings, plan_until = null
        where id = @id
        """;

    // Running ones are left: their workers see it, or their leases lapse.
    const string Tasks = "update tasks set state = 'cancelled', finished_at = @now where job_id = @id and state in ('queued', 'split')";

    public static async Task RunAsync(IndexSession session, JobRow job, JobEnd end)
    {
        await MoveJob.RunAsync(session, job, end.State, end.Error).ConfigureAwait(false);
        await session.ExecuteAsync(Sql, new
        {
            id = job.Id,
            total = end.Items?.Total,
            succeeded = end.Items?.Succeeded,
            errored = end.Items?.Errored,
            fingerprint = end.Fingerprint,
            problems = IndexJson.Of(end.Problems),
            warnings = IndexJson.Of([.. job.Warnings, .. end.Warnings]),
        }).ConfigureAwait(false);
        await session.ExecuteAsync(Tasks, new { id = job.Id, now = session.Now }).ConfigureAwait(false);
        await session.ExecuteAsync("delete from outbox where job_id = @id and sent_at is null", new { id = job.Id }).ConfigureAwait(false);
        if (end.Metrics.Count > 0) await SaveFigures.MetricsAsync(session, job.Id, end.Metrics).ConfigureAwait(false);
        if (end.SweepPoints.Count > 0) await SaveFigures.SweepPointsAsync(session, job.Id, end.SweepPoints).ConfigureAwait(false);
        if (end.Speed is { } speed) await Speeds.AddAsync(session, job, speed).ConfigureAwait(false);
        await AdvanceDependents.RunAsync(session, job.Id).ConfigureAwait(false);
    }
}
