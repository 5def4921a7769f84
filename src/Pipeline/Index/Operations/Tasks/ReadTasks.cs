namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Reads tasks.</summary>
internal static class ReadTasks
{
    const string OfJob = TaskColumns.Select + " where t.job_id = @job order by t.ordinal";
    const string OfParent = TaskColumns.Select + " where t.job_id = @job and t.parent = @ordinal order by t.ordinal";
    const string ByKey = TaskColumns.Select + " where t.job_id = @job and t.ordinal = @ordinal";

    /// <summary>All of a job, by number.</summary>
    public static async Task<IReadOnlyList<TaskRow>> AllAsync(IndexSession session, string job) =>
        await session.ListAsync<TaskRow>(OfJob, new { job }).ConfigureAwait(false);

    /// <summary>Those that a task was split into.</summary>
    public static async Task<IReadOnlyList<TaskRow>> HalvesAsync(IndexSession session, TaskKey task) =>
        await session.ListAsync<TaskRow>(OfParent, new { job = task.Job, ordinal = task.Ordinal }).ConfigureAwait(false);

    /// <summary>One, locked; its job is locked already.</summary>
    public static Task<TaskRow?> LockAsync(IndexSession session, TaskKey task) =>
        session.FirstAsync<TaskRow>(ByKey + session.LockRows, new { job = task.Job, ordinal = task.Ordinal });
}
