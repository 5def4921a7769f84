using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Ends a job's planning: its figures, and a message a task.</summary>
internal static class FinishPlan
{
    const string Sql = """
        update jobs
        set fingerprint = @Fingerprint, tasks_total = @Tasks, items_total = @ItemsTotal, input_etag = @InputEtag, warnings = @warnings,
            estimate_seconds = coalesce(@EstimateSeconds, estimate_seconds), planned_at = @now, plan_until = null
        where id = @job
        """;

    public static async Task<bool> RunAsync(IndexSession session, string job, int planAttempt, PlanOutcome plan)
    {
        if (await LockJob.WithPipelineAsync(session, job) is not { } family) return false;
        JobRow row = family.Job;
        // An earlier try of this call.
        if (row.PlannedAt is not null && row.PlanAttempt == planAttempt && session.Retried) return true;
        if (!AddTasks.Holds(session, row, planAttempt)) return false;
        long tasks = await session.ScalarAsync<long>("select count(*) from tasks where job_id = @job", new { job });
        if (tasks != plan.Tasks || tasks == 0)
            throw new InvalidOperationException($"The plan of job {job} has {plan.Tasks} tasks, the index {tasks}.");
        await session.ExecuteAsync(Sql, new
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
}
