using DiffusionBatch.Contracts;

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
        await MoveJob.RunAsync(session, job, end.State, end.Error);
        await session.ExecuteAsync(Sql, new
        {
            id = job.Id,
            total = end.Items?.Total,
            succeeded = end.Items?.Succeeded,
            errored = end.Items?.Errored,
            fingerprint = end.Fingerprint,
            problems = IndexJson.Of(end.Problems),
            warnings = IndexJson.Of([.. job.Warnings, .. end.Warnings]),
        });
        await session.ExecuteAsync(Tasks, new { id = job.Id, now = session.Now });
        await session.ExecuteAsync("delete from outbox where job_id = @id and sent_at is null", new { id = job.Id });
        if (end.Metrics.Count > 0) await SaveFigures.MetricsAsync(session, job.Id, end.Metrics);
        if (end.SweepPoints.Count > 0) await SaveFigures.SweepPointsAsync(session, job.Id, end.SweepPoints);
        if (end.Speed is { } speed) await Speeds.AddAsync(session, job, speed);
        await AdvanceDependents.RunAsync(session, job.Id);
    }
}

/// <summary>Ends a job, exactly once.</summary>
internal static class FinishJob
{
    public static async Task<bool> RunAsync(IndexSession session, string id, JobEnd end)
    {
        if (!end.State.IsFinal()) throw new ArgumentException($"{end.State.Name()} is no end.", nameof(end));
        JobFamily family = await LockJob.WithPipelineAsync(session, id) ?? throw new InvalidOperationException($"There is no job {id}.");
        // Ended by an earlier try of this call, or by another.
        if (family.Job.State.IsFinal()) return session.Retried && family.Job.State == end.State && Timestamp.Of(family.Job.FinishedAt) == session.Now;
        await EndJob.RunAsync(session, family.Job, end);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return true;
    }
}

/// <summary>Deletes jobs that ended long ago, with all that hangs on them.</summary>
internal static class DeleteOldJobs
{
    static readonly string s_sql =
        "delete from jobs where parent_id is null and finished_at < @before and state in " + SqlList.Of(Enum.GetValues<JobState>().Where(s => s.IsFinal()));

    public static Task<int> RunAsync(IndexSession session, DateTimeOffset before) =>
        session.ExecuteAsync(s_sql, new { before = Timestamp.Of(before) });
}
