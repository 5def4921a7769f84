using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Tasks in SQL: here reading and splitting them, in the files beside it claiming, committing and releasing. Whoever changes a task
/// locks its job first; only heartbeats don't.
/// </summary>
internal sealed partial class TaskIndex(IndexDatabase database) : ITaskIndex
{
    const string OfJob = TaskRow.Select + " where t.job_id = @job order by t.ordinal";

    const string OfParent = TaskRow.Select + " where t.job_id = @job and t.parent = @ordinal order by t.ordinal";

    const string Split = """
        update tasks
        set state = 'split', children = @children, failures = 0, owner = null, claim = null, lease_until = null, not_before = null
        where job_id = @job and ordinal = @ordinal
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> ListAsync(string job, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<TaskRow>(OfJob, new { job }), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> PageAsync(
        string job, IReadOnlyList<TaskState> states, int? after, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        string condition = states.Count > 0 ? " and t.state in " + SqlList.Of(states) : "";
        return database.ReadAsync(
            async s => await s.ListAsync<TaskRow>(
                $"{TaskRow.Select} where t.job_id = @job and t.ordinal > @after{condition} order by t.ordinal limit @limit",
                new { job = await OwnJob.RunAsync(s, job), after = after ?? -1, limit }),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptRow>> AttemptsAsync(string job, int first, int last, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            async s => await s.ListAsync<AttemptRow>(AttemptRow.OfTasks, new { job = await OwnJob.RunAsync(s, job), first, last }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> HalvesAsync(TaskKey task, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<TaskRow>(OfParent, new { job = task.Job, ordinal = task.Ordinal }), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SplitAsync(TaskKey task, int attempt, IReadOnlyList<TaskPlan> halves,
        CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => SplitAsync(s, task, attempt, halves), cancellationToken);

    static async Task<bool> SplitAsync(IndexSession session, TaskKey key, int attempt, IReadOnlyList<TaskPlan> halves)
    {
        if (await LockJob.RunAsync(session, key.Job) is not { } job
            || await TaskRows.LockAsync(session, key) is not { } task
            || task.Attempt != attempt)
        {
            return false;
        }
        if (task.State != TaskState.Running || job.State.IsFinal()) return session.Retried && task.State == TaskState.Split;
        if (halves.Count < 2 || halves.Sum(h => h.ItemCount) != task.ItemCount)
            throw new ArgumentException($"Task {key} has {task.ItemCount} items; its halves must have the same, and be two at least.",
                nameof(halves));

        int next = 1 + await session.ScalarAsync<int>("select max(ordinal) from tasks where job_id = @job", new { job = key.Job });
        await TaskRows.InsertAsync(
            session, key.Job, key.Ordinal,
            [.. halves.Select((h, i) => h with { Ordinal = next + i, Units = h.Units
                ?? task.ProgressTotal * h.ItemCount / Math.Max(task.ItemCount, 1) })]);
        await session.ExecuteAsync(Split, new { job = key.Job, ordinal = key.Ordinal, children = halves.Count });
        await EndAttempt.RunAsync(session, task, "split", task.Error);
        await Enqueue.HalvesAsync(session, job, key.Ordinal);
        return true;
    }
}
