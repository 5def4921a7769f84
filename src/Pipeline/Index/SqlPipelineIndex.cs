using System.Data.Common;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Index.Operations;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The pipeline's index in a SQL database; the schema is made with the first call.</summary>
/// <param name="dialect">The database.</param>
/// <param name="time">The clock that leases, delays and expiry go by; all who share a database should agree on the time to a second or two.</param>
public sealed class SqlPipelineIndex(ISqlDialect dialect, TimeProvider time) : IPipelineIndex
{
    readonly IndexDatabase _database = new(dialect, time);

    /// <summary>For tests: see <see cref="IndexDatabase.Patience"/>.</summary>
    internal TimeSpan Patience
    {
        set => _database.Patience = value;
    }

    /// <summary>For tests: see <see cref="IndexDatabase.AfterCommit"/>.</summary>
    internal Action AfterCommit
    {
        set => _database.AfterCommit = value;
    }

    /// <inheritdoc/>
    public Task<SubmitOutcome> SubmitAsync(Submission submission, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => SubmitJobs.RunAsync(s, submission), cancellationToken);

    /// <inheritdoc/>
    public Task<JobRow?> GetAsync(string job, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ReadJobs.GetAsync(s, job), cancellationToken);

    /// <inheritdoc/>
    public Task<JobPage> ListAsync(JobFilter filter, string? cursor, int limit, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => PageJobs.RunAsync(s, filter, cursor, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobRow>> ChildrenAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ReadJobs.ChildrenAsync(s, pipeline), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> NeedsAsync(string job, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ReadJobs.NeedsAsync(s, job), cancellationToken);

    /// <inheritdoc/>
    public Task<JobFigures> FiguresAsync(string job, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ReadFigures.RunAsync(s, job), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ArtifactRow>> ArtifactsAsync(string job, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ReadArtifacts.RunAsync(s, job), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> HasFinishedAsync(string output, string fingerprint, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ReadJobs.HasFinishedAsync(s, output, fingerprint), cancellationToken);

    /// <inheritdoc/>
    public Task<int?> ClaimPlanAsync(string job, string owner, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        string claim = NewClaim();
        return _database.WriteAsync(s => ClaimPlan.RunAsync(s, job, owner, lease, claim), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> AddTasksAsync(string job, int planAttempt, IReadOnlyList<TaskPlan> tasks, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => AddTasks.RunAsync(s, job, planAttempt, tasks), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FinishPlanAsync(string job, int planAttempt, PlanOutcome plan, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => FinishPlan.RunAsync(s, job, planAttempt, plan), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxRow>> PendingAsync(int limit, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => PendingMessages.RunAsync(s, limit), cancellationToken);

    /// <inheritdoc/>
    public Task MarkSentAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => MarkSent.RunAsync(s, ids), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimOutcome> ClaimAsync(TaskKey task, string owner, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        string claim = NewClaim();
        return _database.WriteAsync(s => ClaimTask.RunAsync(s, task, owner, lease, claim), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RenewOutcome> RenewAsync(TaskKey task, int attempt, TimeSpan lease, TaskProgressRow? progress, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => RenewTask.RunAsync(s, task, attempt, lease, progress), cancellationToken);

    /// <inheritdoc/>
    public Task<CommitOutcome> CommitAsync(TaskKey task, int attempt, TaskCommit commit, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => CommitTask.RunAsync(s, task, attempt, commit), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(TaskKey task, int attempt, TaskRelease release, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => ReleaseTask.RunAsync(s, task, attempt, release), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SplitAsync(TaskKey task, int attempt, IReadOnlyList<TaskPlan> halves, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => SplitTask.RunAsync(s, task, attempt, halves), cancellationToken);

    /// <inheritdoc/>
    public Task<CommitOutcome> PoisonAsync(TaskKey task, int attempt, PoisonEntry entry, TaskCommit commit, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => CommitTask.RunAsync(s, task, attempt, commit, entry), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> TasksAsync(string job, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ReadTasks.AllAsync(s, job), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> HalvesAsync(TaskKey task, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ReadTasks.HalvesAsync(s, task), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FinishAsync(string job, JobEnd end, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => FinishJob.RunAsync(s, job, end), cancellationToken);

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(string job, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => CancelJob.RunAsync(s, job), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PoisonRow>> PoisonListAsync(string? job, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ListPoison.RunAsync(s, job), cancellationToken);

    /// <inheritdoc/>
    public Task<RequeueOutcome> RequeueAsync(long poison, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => RequeuePoison.RunAsync(s, poison), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DropAsync(long poison, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => ListPoison.DropAsync(s, poison), cancellationToken);

    /// <inheritdoc/>
    public Task<int> FreeLapsedAsync(CancellationToken cancellationToken = default) =>
        EachAsync(FreeLapsed.JobsAsync, FreeLapsed.RunAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<int> TakeOverAsync(CancellationToken cancellationToken = default) => EachAsync(TakeOver.JobsAsync, TakeOver.RunAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string job, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => RequeuePoison.JobAsync(s, job), cancellationToken);

    /// <inheritdoc/>
    public Task<int> ResendAsync(TimeSpan unclaimedFor, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => ResendMessages.RunAsync(s, unclaimedFor), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadyToFinishAsync(CancellationToken cancellationToken = default) =>
        _database.ReadAsync(ReadyToFinish.RunAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<int> AdvanceBlockedAsync(CancellationToken cancellationToken = default) =>
        EachAsync(AdvanceBlocked.JobsAsync, AdvanceBlocked.RunAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<int> ExpireAsync(CancellationToken cancellationToken = default) =>
        EachAsync(ExpireJobs.JobsAsync, ExpireJobs.RunAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SweepCell>> SweepsAsync(SweepFilter filter, int limit, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ListSweeps.RunAsync(s, filter, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<SpeedRow?> SpeedAsync(string kind, string modelKey, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => Speeds.GetAsync(s, kind, modelKey), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> HashAsync(string path, string etag, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(s => ContentHashes.GetAsync(s, path, etag), cancellationToken);

    /// <inheritdoc/>
    public Task SaveHashAsync(string path, string etag, string sha256, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => ContentHashes.SaveAsync(s, path, etag, sha256), cancellationToken);

    /// <inheritdoc/>
    public Task<int> DeleteOldAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(s => DeleteOldJobs.RunAsync(s, before), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> PingAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _database.TryAsync(s => s.ScalarAsync<long>("select 1"), cancellationToken) == 1;
        }
        catch (Exception e) when (e is DbException || dialect.IsTransient(e))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    // A claim that is tried again knows itself by it; the same owner's next claim is another.
    static string NewClaim() => Guid.NewGuid().ToString("N");

    async Task<int> EachAsync(
        Func<IndexSession, Task<List<string>>> find, Func<IndexSession, string, Task<int>> heal, CancellationToken cancellationToken)
    {
        int healed = 0;
        foreach (string job in await _database.ReadAsync(find, cancellationToken))
            healed += await _database.WriteAsync(s => heal(s, job), cancellationToken);
        return healed;
    }
}
