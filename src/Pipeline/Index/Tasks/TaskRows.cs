using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What planners, workers and the reconciler alike do with the rows of tasks. The job is locked.</summary>
internal static class TaskRows
{
    /// <summary>An update of tasks that were given up, without its condition: they are tried again as if they never had been.</summary>
    public const string Anew = """
        update tasks
        set state = 'queued', failures = 0, error = null, not_before = null, finished_at = null, progress_done = 0,
            succeeded = 0, errored = 0, errors = null, cost = null, sent_for = null
        """;

    const string ByKey = TaskRow.Select + " where t.job_id = @job and t.ordinal = @ordinal";

    const string Counts = """
        select coalesce(sum(case when state in ('queued', 'running', 'split') then 1 else 0 end), 0) as Opened,
               coalesce(sum(case when state = 'running' then 1 else 0 end), 0) as Running
        from tasks where job_id = @job
        """;

    static readonly BatchInsert s_tasks = new(
        "tasks",
        ["job_id", "ordinal", "parent", "kind", "state", "part", "first_item", "item_count", "byte_offset", "byte_length", "first_line",
            "progress_total", "created_at"],
        "on conflict (job_id, ordinal) do nothing");

    /// <summary>Inserts tasks that aren't there.</summary>
    public static Task<int> InsertAsync(IndexSession session, string job, int? parent, IReadOnlyList<TaskPlan> tasks) =>
        session.InsertAsync(s_tasks,
        [
            .. tasks.Select(t => new object?[]
            {
                job, t.Ordinal, parent, EnumText.Of(t.Kind), "queued", t.Part, t.FirstItem, t.ItemCount, t.ByteOffset, t.ByteLength,
                t.FirstLine, t.Units ?? t.ItemCount, session.Now,
            }),
        ]);

    /// <summary>Reads one to change it.</summary>
    public static Task<TaskRow?> LockAsync(IndexSession session, TaskKey task) =>
        session.FirstAsync<TaskRow>(ByKey + session.LockRows, new { job = task.Job, ordinal = task.Ordinal });

    /// <summary>How many tasks of a job are open, and how many of them are worked on.</summary>
    public static async Task<OpenTasks> OpenAsync(IndexSession session, string job) =>
        await session.FirstAsync<OpenTasks>(Counts, new { job }) ?? new OpenTasks();
}

/// <summary>How many tasks of a job aren't done.</summary>
internal sealed record OpenTasks
{
    /// <summary>Those that are queued, running or waiting for their halves.</summary>
    public long Opened { get; init; }

    /// <summary>Those that a worker holds.</summary>
    public long Running { get; init; }
}
