using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// What the API, the relay, the workers and the reconciler do with the index. Every call is one transaction; one that
/// meets a database that is away or busy waits for it (see <see cref="IndexUnavailableException"/>). Of two callers
/// with one intent (two claims, two ends) exactly one succeeds; the other is told so by the outcome, not by an exception.
/// </summary>
public interface IPipelineIndex : IAsyncDisposable
{
    /// <summary>
    /// Enters a job, or a pipeline with its jobs, and a message to plan each that waits for nothing.
    /// </summary>
    Task<SubmitOutcome> SubmitAsync(Submission submission, CancellationToken cancellationToken = default);

    /// <summary>A job, or null.</summary>
    Task<JobRow?> GetAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>A page of jobs, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cursor"><see cref="JobPage.Next"/> of the page before, or null for the first.</param>
    /// <param name="limit">The most jobs of the page, at least 1.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<JobPage> ListAsync(JobFilter filter, string? cursor, int limit, CancellationToken cancellationToken = default);

    /// <summary>The jobs of a pipeline in the manifest's order.</summary>
    Task<IReadOnlyList<JobRow>> ChildrenAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>The ids of the jobs that a job needs.</summary>
    Task<IReadOnlyList<string>> NeedsAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>How far a job is, for status and progress; all zero where it is unknown.</summary>
    Task<JobFigures> FiguresAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>The files that a job has made so far, by path.</summary>
    Task<IReadOnlyList<ArtifactRow>> ArtifactsAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>Whether a job with that output and fingerprint is finished, in whatever submission.</summary>
    Task<bool> HasFinishedAsync(string output, string fingerprint, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes a job to plan it: it becomes <c>running</c>. Returns the plan's number, its fencing token, or null where
    /// there is nothing to plan: it is planned, blocked, cancelled, ended or expired, or another's lease still lasts.
    /// </summary>
    Task<int?> ClaimPlanAsync(string job, string owner, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds tasks, those that are there already left as they are, and renews the plan's lease from now by as long as it
    /// was claimed for. False: stop planning; another plans, or the job is cancelled, ended or expired.
    /// </summary>
    Task<bool> AddTasksAsync(string job, int planAttempt, IReadOnlyList<TaskPlan> tasks, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the planning: the job is <c>queued</c> until a worker claims its first task, and each task has a message.
    /// A job that needs no tasks, or can't have them, is ended by <see cref="FinishAsync"/> in place of this.
    /// </summary>
    /// <returns>False: as in <see cref="AddTasksAsync"/>.</returns>
    Task<bool> FinishPlanAsync(string job, int planAttempt, PlanOutcome plan, CancellationToken cancellationToken = default);

    /// <summary>Messages that are due and not sent, the oldest first.</summary>
    Task<IReadOnlyList<OutboxRow>> PendingAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>Marks messages as sent. One that is sent and not marked is sent again: receivers bear it.</summary>
    Task MarkSentAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken = default);

    /// <summary>Takes a task: a queued one that is due, or one whose holder's lease has lapsed (a failure, unless it made progress).</summary>
    Task<ClaimOutcome> ClaimAsync(TaskKey task, string owner, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>Prolongs a claim from now, and tells of progress. A lapsed one that nobody took is still the caller's.</summary>
    Task<RenewOutcome> RenewAsync(TaskKey task, int attempt, TimeSpan lease, TaskProgressRow? progress, CancellationToken cancellationToken = default);

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
    Task<CommitOutcome> PoisonAsync(TaskKey task, int attempt, PoisonEntry entry, TaskCommit commit, CancellationToken cancellationToken = default);

    /// <summary>A job's tasks by number, halves of split ones included.</summary>
    Task<IReadOnlyList<TaskRow>> TasksAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>The tasks that a task was split into, by number.</summary>
    Task<IReadOnlyList<TaskRow>> HalvesAsync(TaskKey task, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a job; in the same transaction its waiting tasks are cancelled, jobs that need it become ready (or fail, or
    /// are cancelled, as it did), and its pipeline's state is made anew.
    /// </summary>
    /// <returns>False: it had ended already; nothing was changed.</returns>
    /// <exception cref="InvalidOperationException">It may not go from its state to that one (see <see cref="Pipeline.Jobs.JobStateMachine"/>), or there is no such job.</exception>
    Task<bool> FinishAsync(string job, JobEnd end, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cancels a job, or all jobs of a pipeline: at once where nothing was planned, else it is <c>cancelling</c> until
    /// its running tasks have stopped; what is finished stays.
    /// </summary>
    Task<CancelOutcome> CancelAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>The poison list, of one job or of all, the newest first.</summary>
    Task<IReadOnlyList<PoisonRow>> PoisonListAsync(string? job, CancellationToken cancellationToken = default);

    /// <summary>Tries a given-up task again, where its result isn't written yet. A job that failed by it becomes <c>queued</c>, those that failed by needing it <c>blocked</c>.</summary>
    Task<RequeueOutcome> RequeueAsync(long poison, CancellationToken cancellationToken = default);

    /// <summary>Strikes a task off the poison list. False: it isn't listed.</summary>
    Task<bool> DropAsync(long poison, CancellationToken cancellationToken = default);

    /// <summary>Queues tasks again whose holders' leases have lapsed, with a message each; cancels them where the job was stopped. Returns how many.</summary>
    Task<int> FreeLapsedAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Frees at once what processes that are gone held, whatever their leases say; no failure is counted. For whoever has the root,
    /// and so this index, alone. Returns how many jobs there were. <see cref="ResendAsync"/> writes their messages.
    /// </summary>
    Task<int> TakeOverAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Tries a failed job again: what is done of it stays, its given-up and cancelled tasks are queued, and jobs that failed by needing
    /// it are <c>blocked</c>. False: it hasn't failed, or has no task that could be tried again.
    /// </summary>
    Task<bool> RetryAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>Writes messages again for tasks and plans that wait although theirs was sent that long ago. Returns how many.</summary>
    Task<int> ResendAsync(TimeSpan unclaimedFor, CancellationToken cancellationToken = default);

    /// <summary>
    /// Jobs that are planned, or were being planned, and are to be ended: all tasks done, cancelling without running
    /// tasks, or expired.
    /// </summary>
    Task<IReadOnlyList<string>> ReadyToFinishAsync(CancellationToken cancellationToken = default);

    /// <summary>Readies or ends blocked jobs whose needs have ended, and makes pipelines' states anew. Returns how many it changed.</summary>
    Task<int> AdvanceBlockedAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends jobs past their expiry that were never planned. Returns how many; planned ones are <see cref="ReadyToFinishAsync"/>'s.</summary>
    Task<int> ExpireAsync(CancellationToken cancellationToken = default);

    /// <summary>The cells of finished evaluations, those of the newest first; each evaluation's in the order of steps.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">The most cells, at least 1.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<SweepCell>> SweepsAsync(SweepFilter filter, int limit, CancellationToken cancellationToken = default);

    /// <summary>The measured speed of a kind of job with a model, or null.</summary>
    Task<SpeedRow?> SpeedAsync(string kind, string modelKey, CancellationToken cancellationToken = default);

    /// <summary>The SHA-256 of a file in that version, in lower-case hexadecimal, if it was kept; else null.</summary>
    Task<string?> HashAsync(string path, string etag, CancellationToken cancellationToken = default);

    /// <summary>Keeps the SHA-256 of a file in a version.</summary>
    Task SaveHashAsync(string path, string etag, string sha256, CancellationToken cancellationToken = default);

    /// <summary>Deletes jobs that ended before a time, a pipeline with all of its jobs. Returns how many; files stay.</summary>
    Task<int> DeleteOldAsync(DateTimeOffset before, CancellationToken cancellationToken = default);

    /// <summary>Whether the database answers now; not tried again.</summary>
    Task<bool> PingAsync(CancellationToken cancellationToken = default);
}
