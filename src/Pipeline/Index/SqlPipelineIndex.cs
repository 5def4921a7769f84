namespace DiffusionBatch.Pipeline.Index;

/// <summary>The pipeline's index in a SQL database.</summary>
/// <param name="dialect">The database.</param>
/// <param name="time">The clock.</param>
public sealed class SqlPipelineIndex(ISqlDialect dialect, TimeProvider time) : IPipelineIndex
{
    /// <inheritdoc/>
    public Task<SubmitOutcome> SubmitAsync(Submission submission, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<JobRow?> GetAsync(string job, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<JobPage> ListAsync(JobFilter filter, string? cursor, int limit, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobRow>> ChildrenAsync(string pipeline, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> NeedsAsync(string job, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<JobFigures> FiguresAsync(string job, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ArtifactRow>> ArtifactsAsync(string job, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<int?> ClaimPlanAsync(string job, string owner, TimeSpan lease, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<bool> AddTasksAsync(string job, int planAttempt, IReadOnlyList<TaskPlan> tasks, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<bool> FinishPlanAsync(string job, int planAttempt, PlanOutcome plan, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxRow>> PendingAsync(int limit, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task MarkSentAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<ClaimOutcome> ClaimAsync(TaskKey task, string owner, TimeSpan lease, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<RenewOutcome> RenewAsync(TaskKey task, int attempt, TimeSpan lease, TaskProgressRow? progress, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<CommitOutcome> CommitAsync(TaskKey task, int attempt, TaskCommit commit, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(TaskKey task, int attempt, TaskRelease release, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<bool> SplitAsync(TaskKey task, int attempt, IReadOnlyList<TaskPlan> halves, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<CommitOutcome> PoisonAsync(TaskKey task, int attempt, PoisonEntry entry, TaskCommit commit, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> TasksAsync(string job, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> HalvesAsync(TaskKey task, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<bool> FinishAsync(string job, JobEnd end, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(string job, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<IReadOnlyList<PoisonRow>> PoisonListAsync(string? job, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<RequeueOutcome> RequeueAsync(long poison, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<bool> DropAsync(long poison, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<int> FreeLapsedAsync(CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<int> ResendAsync(TimeSpan unclaimedFor, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadyToFinishAsync(CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<int> AdvanceBlockedAsync(CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<int> ExpireAsync(CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<SpeedRow?> SpeedAsync(string kind, string modelKey, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<string?> HashAsync(string path, string etag, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task SaveHashAsync(string path, string etag, string sha256, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<int> DeleteOldAsync(DateTimeOffset before, CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public Task<bool> PingAsync(CancellationToken cancellationToken = default) => throw NotYet();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    NotSupportedException NotYet() => new($"{dialect} {time}");
}
