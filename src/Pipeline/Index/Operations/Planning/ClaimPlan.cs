using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Takes a job to plan it; what an earlier plan left unfinished is forgotten.</summary>
internal static class ClaimPlan
{
    const string Sql = """
        update jobs
        set plan_attempt = plan_attempt + 1, plan_until = @until, plan_lease = @seconds, plan_claim = @claim, owner = @owner
        where id = @job
        """;

    public static async Task<int?> RunAsync(IndexSession session, string job, string owner, TimeSpan lease, string claim)
    {
        if (await LockJob.WithPipelineAsync(session, job) is not { } family) return null;
        JobRow row = family.Job;
        if (!row.IsLive(session) || row.Kind == JobKind.Pipeline || row.Manifest is null || row.PlannedAt is not null) return null;
        PlanLease held = (await session.FirstAsync<PlanLease>("select plan_until as Until, plan_claim as Claim from jobs where id = @job", new { job }))!;
        if (held.Claim == claim) return row.PlanAttempt;
        if (row.State == JobState.Running && held.Until > session.Time) return null;
        if (row.State == JobState.Queued) row = await MoveJob.RunAsync(session, row, JobState.Running, owner: owner);
        await session.ExecuteAsync("delete from tasks where job_id = @job", new { job });
        await session.ExecuteAsync(Sql, new { job, owner, claim, until = session.In(lease), seconds = lease.TotalSeconds });
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return row.PlanAttempt + 1;
    }

    sealed record PlanLease
    {
        public DateTimeOffset? Until { get; init; }

        public string? Claim { get; init; }
    }
}
