using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Upkeep in SQL: here jobs that are to end or go on, in the files beside it tasks that nobody holds, and lost messages.</summary>
internal sealed partial class UpkeepIndex(IndexDatabase database) : IUpkeepIndex
{
    const string Ready = """
        select j.id from jobs j
        where j.state in ('queued', 'running', 'cancelling') and j.kind <> 'pipeline' and j.manifest is not null
          and ((j.planned_at is not null and not exists (
                  select 1 from tasks t where t.job_id = j.id and t.state in ('queued', 'running', 'split')))
            or (j.state = 'cancelling' and not exists (select 1 from tasks t where t.job_id = j.id and t.state = 'running'))
            or (j.expires_at <= @now and j.plan_attempt > 0))
        order by j.id
        """;

    const string Blocked = """
        select j.id from jobs j
        where j.state = 'blocked' and (
            not exists (
                select 1 from job_dependencies d join jobs n on n.id = d.needs_id
                where d.job_id = j.id and n.state not in ('completed', 'completedWithErrors'))
            or exists (
                select 1 from job_dependencies d join jobs n on n.id = d.needs_id
                where d.job_id = j.id and n.state in ('failed', 'cancelled', 'expired')))
        order by j.id
        """;

    const string DonePipelines = """
        select p.id from jobs p
        where p.kind = 'pipeline' and p.finished_at is null and not exists (
            select 1 from jobs j where j.parent_id = p.id and j.finished_at is null)
        order by p.id
        """;

    const string Expired = """
        select id from jobs
        where expires_at <= @now and plan_attempt = 0 and state in ('queued', 'blocked') and kind <> 'pipeline' and manifest is not null
        order by id
        """;

    static readonly string s_old =
        "parent_id is null and finished_at < @before and state in " + SqlList.Of(Enum.GetValues<JobState>().Where(s => s.IsFinal()));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadyToFinishAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<string>(Ready, new { now = s.Now }), cancellationToken);

    /// <inheritdoc/>
    public Task<int> AdvanceBlockedAsync(CancellationToken cancellationToken = default) =>
        database.EachAsync(async s => [.. await s.ListAsync<string>(Blocked), .. await s.ListAsync<string>(DonePipelines)], AdvanceAsync,
            cancellationToken);

    static async Task<int> AdvanceAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { } family) return 0;
        if (family.Job.Kind == JobKind.Pipeline) return await UpdatePipeline.RunAsync(session, family.Job) ? 1 : 0;
        if (family.Job.State != JobState.Blocked || !await AdvanceDependents.OneAsync(session, family.Job)) return 0;
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return 1;
    }

    /// <inheritdoc/>
    public Task<int> ExpireAsync(CancellationToken cancellationToken = default) =>
        database.EachAsync(s => s.ListAsync<string>(Expired, new { now = s.Now }), ExpireAsync, cancellationToken);

    static async Task<int> ExpireAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { } family) return 0;
        JobRow job = family.Job;
        if (job.State is not (JobState.Queued or JobState.Blocked) || job.PlanAttempt > 0 || !job.IsExpired(session)) return 0;
        await EndJob.RunAsync(session, job, new JobEnd(JobState.Expired) { Error = "Its time ran out before work on it began." });
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return 1;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> OldAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            s => s.ListAsync<string>($"select id from jobs where {s_old} or parent_id in (select id from jobs where {s_old}) order by id",
                new { before = Timestamp.Of(before) }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> DeleteOldAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s =>
            {
                await s.ExecuteAsync("delete from schedule_ticks where scheduled_for < @before and outcome <> 'waiting'",
                    new { before = Timestamp.Of(before) });
                return await s.ExecuteAsync("delete from jobs where " + s_old, new { before = Timestamp.Of(before) });
            },
            cancellationToken);
}
