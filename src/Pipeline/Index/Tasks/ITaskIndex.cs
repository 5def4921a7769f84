using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What a worker does with the tasks of the index.</summary>
public interface ITaskIndex
{
    /// <summary>
    /// Takes a task: a queued one that is due, or one whose holder's lease has lapsed (a failure, unless it made progress).
    /// </summary>
    Task<ClaimOutcome> ClaimAsync(TaskKey task, string owner, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same, unless another tenant of the task's queue has its turn first: one that has fewer tasks running, or as many and was served
    /// longer ago.
    /// </summary>
    Task<ClaimOutcome> ClaimInTurnAsync(TaskKey task, string owner, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>Prolongs a claim from now, and tells of progress. A lapsed one that nobody took is still the caller's.</summary>
    Task<RenewOutcome> RenewAsync(TaskKey task, int attempt, TimeSpan lease, TaskProgressRow? progress,
        CancellationToken cancellationToken = default);

    /// <summary>Ends a task with what it made. The same commit again, after an answer that was lost, has the same outcome.</summary>
    Task<CommitOutcome> CommitAsync(TaskKey task, int attempt, TaskCommit commit, CancellationToken cancellationToken = default);

    /// <summary>Lets a task go: it is queued again, or cancelled where its job has ended or is to. False: fenced off.</summary>
    Task<bool> ReleaseAsync(TaskKey task, int attempt, TaskRelease release, CancellationToken cancellationToken = default);

    /// <summary>
    /// Splits a task in place of working on it: the halves become tasks with numbers after the last one, each with a
    /// message; once they are done, the task is queued again to be put together. False: fenced off.
    /// </summary>
    Task<bool> SplitAsync(TaskKey task, int attempt, IReadOnlyList<TaskPlan> halves, CancellationToken cancellationToken = default);

    /// <summary>Gives a task up: it is done as far as others wait for it, and on the poison list.</summary>
    /// <param name="task">The task.</param>
    /// <param name="attempt">Its claim.</param>
    /// <param name="entry">Why.</param>
    /// <param name="commit">What it leaves: of a sample, the errored items and the file that says so.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<CommitOutcome> PoisonAsync(TaskKey task, int attempt, PoisonEntry entry, TaskCommit commit,
        CancellationToken cancellationToken = default);

    /// <summary>A job's tasks by number, halves of split ones included.</summary>
    Task<IReadOnlyList<TaskRow>> ListAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>A page of a job's tasks by number, halves of split ones included.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="states">Of one of these states; empty: of any.</param>
    /// <param name="after">The last number of the page before, or null for the first.</param>
    /// <param name="limit">The most tasks, at least 1.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<TaskRow>> PageAsync(
        string job, IReadOnlyList<TaskState> states, int? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>The claims of a job's tasks in a range of numbers, both ends included; by task, the first claim first.</summary>
    Task<IReadOnlyList<AttemptRow>> AttemptsAsync(string job, int first, int last, CancellationToken cancellationToken = default);

    /// <summary>The tasks that a task was split into, by number.</summary>
    Task<IReadOnlyList<TaskRow>> HalvesAsync(TaskKey task, CancellationToken cancellationToken = default);
}
