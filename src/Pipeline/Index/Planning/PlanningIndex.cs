using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Planning in SQL. The plan's number is its fencing token; its lease is renewed with the tasks that it adds.</summary>
internal sealed class PlanningIndex(IndexDatabase database) : IPlanningIndex
{
    const string Claim = """
        update jobs
        set plan_attempt = plan_attempt + 1, plan_until = @until, plan_lease = @seconds, plan_claim = @claim, owner = @owner
        where id = @job
        """;

    const string Finish = """
        update jobs
        set fingerprint = @Fingerprint, tasks_total = @Tasks, items_total = @ItemsTotal, input_etag = @InputEtag, warnings = @warnings,
            estimate_seconds = coalesce(@EstimateSeconds, estimate_seconds), planned_at = @now, plan_until = null
        where id = @job
        """;

    /// <inheritdoc/>
    public Task<int?> ClaimPlanAsync(string job, string owner, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        string claim = IndexDatabase.NewClaim();
        return database.WriteAsync(s => ClaimPlanAsync(s, job, owner, lease, claim), cancellationToken);
    }

    // What an earlier plan left unfinished is forgotten.
    static async Task<int?> ClaimPlanAsync(IndexSession session, string job, string owner, TimeSpan lease, string claim)
    {
        if (await LockJob.WithPipelineAsync(session, job) is not { } family) return null;
        JobRow row = family.Job;
        if (!row.IsLive(session) || row.Kind == JobKind.Pipeline || row.Manifest is null || row.PlannedAt is not null) return null;
        PlanLease held =
            (await session.FirstAsync<PlanLease>("select plan_until as Until, plan_claim as Claim from jobs where id = @job",
                new { job }))!;
        if (held.Claim == claim) return row.PlanAttempt;
        if (row.State == JobState.Running && held.Until > session.Time) return null;
        if (row.State == JobState.Queued) row = await MoveJob.RunAsync(session, row, JobState.Running, owner: owner);
        await session.ExecuteAsync("delete from tasks where job_id = @job", new { job });
        await session.ExecuteAsync(Claim, new { job, owner, claim, until = session.In(lease), seconds = lease.TotalSeconds });
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return row.PlanAttempt + 1;
    }

    /// <inheritdoc/>
    public Task<bool> AddTasksAsync(string job, int planAttempt, IReadOnlyList<TaskPlan> tasks,
        CancellationToken cancellationToken = default) =>
        database.WriteAsync(async s =>
        {
            if (await LockJob.RunAsync(s, job) is not { } row || !Holds(s, row, planAttempt)) return false;
            await TaskRows.InsertAsync(s, job, null, tasks);
            double seconds = await s.ScalarAsync<double>("select plan_lease from jobs where id = @job", new { job });
            await s.ExecuteAsync("update jobs set plan_until = @until where id = @job",
                new { job, until = s.In(TimeSpan.FromSeconds(seconds)) });
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FinishPlanAsync(string job, int planAttempt, PlanOutcome plan, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => FinishPlanAsync(s, job, planAttempt, plan), cancellationToken);

    static async Task<bool> FinishPlanAsync(IndexSession session, string job, int planAttempt, PlanOutcome plan)
    {
        if (await LockJob.WithPipelineAsync(session, job) is not { } family) return false;
        JobRow row = family.Job;
        // An earlier try of this call.
        if (row.PlannedAt is not null && row.PlanAttempt == planAttempt && session.Retried) return true;
        if (!Holds(session, row, planAttempt)) return false;
        long tasks = await session.ScalarAsync<long>("select count(*) from tasks where job_id = @job", new { job });
        if (tasks != plan.Tasks || tasks == 0)
            throw new InvalidOperationException($"The plan of job {job} has {plan.Tasks} tasks, the index {tasks}.");
        if (row.Kind == JobKind.Sample) await TenantQuotas.DemandItemsAsync(session, row.Tenant.Value, plan.ItemsTotal ?? 0);
        await session.ExecuteAsync(Finish, new
        {
            job,
            plan.Fingerprint,
            plan.Tasks,
            plan.ItemsTotal,
            plan.InputEtag,
            plan.EstimateSeconds,
            warnings = IndexJson.Of([.. row.Warnings, .. plan.Warnings]),
            now = session.Now,
        });
        await MoveJob.RunAsync(session, row, JobState.Queued);
        await Enqueue.AllTasksAsync(session, row);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return true;
    }

    // Whether a plan may still write.
    static bool Holds(IndexSession session, JobRow job, int planAttempt) =>
        job.State == JobState.Running && job.PlannedAt is null && job.PlanAttempt == planAttempt && !job.IsExpired(session);

    sealed record PlanLease
    {
        public DateTimeOffset? Until { get; init; }

        public string? Claim { get; init; }
    }
}
