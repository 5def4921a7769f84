using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Splits a task into others with numbers after the last one.</summary>
internal static class SplitTask
{
    const string Sql = """
        update tasks
        set state = 'split', children = @children, failures = 0, owner = null, claim = null, lease_until = null, not_before = null
        where job_id = @job and ordinal = @ordinal
        """;

    public static async Task<bool> RunAsync(IndexSession session, TaskKey key, int attempt, IReadOnlyList<TaskPlan> halves)
    {
        if (await LockJob.RunAsync(session, key.Job) is not { } job
            || await ReadTasks.LockAsync(session, key) is not { } task
            || task.Attempt != attempt)
        {
            return false;
        }
        if (task.State != TaskState.Running || job.State.IsFinal()) return session.Retried && task.State == TaskState.Split;
        if (halves.Count < 2 || halves.Sum(h => h.ItemCount) != task.ItemCount)
            throw new ArgumentException($"Task {key} has {task.ItemCount} items; its halves must have the same, and be two at least.", nameof(halves));

        int next = 1 + await session.ScalarAsync<int>("select max(ordinal) from tasks where job_id = @job", new { job = key.Job });
        await AddTasks.InsertAsync(session, key.Job, key.Ordinal, [.. halves.Select((h, i) => h with { Ordinal = next + i })]);
        await session.ExecuteAsync(Sql, new { job = key.Job, ordinal = key.Ordinal, children = halves.Count });
        await EndAttempt.RunAsync(session, task, "split", task.Error);
        await Enqueue.HalvesAsync(session, job, key.Ordinal);
        return true;
    }
}
