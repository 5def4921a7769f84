using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>How a job ended.</summary>
/// <param name="State">A final state.</param>
public sealed record JobEnd(JobState State)
{
    /// <summary>The items' counts, or null where they aren't known.</summary>
    public ItemCounts? Items { get; init; }

    /// <summary>The fingerprint, where planning had no chance to enter it, or null: as it is.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What was found wrong with its inputs.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>What the user should know; they come after those that it has.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Its figures.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; init; } = [];

    /// <summary>An evaluation's cells.</summary>
    public IReadOnlyList<SweepPoint> SweepPoints { get; init; } = [];

    /// <summary>The speed that it was worked on with, for later estimates, or null.</summary>
    public SpeedSample? Speed { get; init; }
}

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
        if (end.Speed is { } speed) await CacheIndex.AddSpeedAsync(session, job, speed);
        await AdvanceDependents.RunAsync(session, job.Id);
    }
}

/// <summary>Readies the jobs that need a job which ended, or ends them too.</summary>
internal static class AdvanceDependents
{
    const string Waiting = """
        select d.job_id from job_dependencies d join jobs j on j.id = d.job_id
        where d.needs_id = @id and j.state = 'blocked' order by d.job_id
        """;

    const string Needs = """
        select j.name as Name, j.state as State from job_dependencies d join jobs j on j.id = d.needs_id
        where d.job_id = @id order by j.place, j.id
        """;

    /// <summary>All that wait for the job.</summary>
    public static async Task RunAsync(IndexSession session, string id)
    {
        foreach (string waiting in await session.ListAsync<string>(Waiting, new { id }))
        {
            if (await LockJob.RunAsync(session, waiting) is { State: JobState.Blocked } job)
                await OneAsync(session, job);
        }
    }

    /// <summary>
    /// A locked blocked job: queued where all that it needs is finished, ended where some of it can't be. Returns whether it changed.
    /// </summary>
    public static async Task<bool> OneAsync(IndexSession session, JobRow job)
    {
        IReadOnlyList<Need> needs = await session.ListAsync<Need>(Needs, new { id = job.Id });
        foreach (JobState end in (JobState[])[JobState.Failed, JobState.Cancelled, JobState.Expired])
        {
            if (needs.FirstOrDefault(n => n.State == end) is not { } lost) continue;
            await EndJob.RunAsync(session, job, new JobEnd(end) { Error = Sentence(lost) });
            return true;
        }
        if (!needs.All(n => n.State.IsFinished())) return false;
        await MoveJob.RunAsync(session, job, JobState.Queued);
        await Enqueue.PlanAsync(session, job.Id);
        return true;
    }

    static string Sentence(Need lost) => lost.State switch
    {
        JobState.Failed => $"It needs the output of {lost.Name}, which failed.",
        JobState.Cancelled => $"It needs the output of {lost.Name}, which was cancelled.",
        _ => $"It needs the output of {lost.Name}, which expired.",
    };

    sealed record Need
    {
        public string Name { get; init; } = "";

        public JobState State { get; init; }
    }
}
