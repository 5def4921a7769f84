using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Adds planned tasks and renews the plan's lease.</summary>
internal static class AddTasks
{
    static readonly BatchInsert s_tasks = new(
        "tasks",
        ["job_id", "ordinal", "parent", "kind", "state", "part", "first_item", "item_count", "byte_offset", "byte_length", "first_line", "progress_total", "created_at"],
        "on conflict (job_id, ordinal) do nothing");

    public static async Task<bool> RunAsync(IndexSession session, string job, int planAttempt, IReadOnlyList<TaskPlan> tasks)
    {
        if (await LockJob.RunAsync(session, job) is not { } row || !Holds(session, row, planAttempt)) return false;
        await InsertAsync(session, job, null, tasks);
        double seconds = await session.ScalarAsync<double>("select plan_lease from jobs where id = @job", new { job });
        await session.ExecuteAsync(
            "update jobs set plan_until = @until where id = @job", new { job, until = session.In(TimeSpan.FromSeconds(seconds)) });
        return true;
    }

    /// <summary>Whether a plan may still write.</summary>
    public static bool Holds(IndexSession session, JobRow job, int planAttempt) =>
        job.State == JobState.Running && job.PlannedAt is null && job.PlanAttempt == planAttempt && !job.IsExpired(session);

    /// <summary>Inserts tasks that aren't there.</summary>
    public static Task<int> InsertAsync(IndexSession session, string job, int? parent, IReadOnlyList<TaskPlan> tasks) =>
        session.InsertAsync(s_tasks,
        [
            .. tasks.Select(t => new object?[]
            {
                job, t.Ordinal, parent, EnumText.Of(t.Kind), "queued", t.Part, t.FirstItem, t.ItemCount, t.ByteOffset, t.ByteLength, t.FirstLine, t.Units ?? t.ItemCount, session.Now,
            }),
        ]);
}
