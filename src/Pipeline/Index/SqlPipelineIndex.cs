using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The pipeline's index in a SQL database; the schema is made with the first call.</summary>
public sealed class SqlPipelineIndex : IPipelineIndex
{
    readonly IndexDatabase _database;

    /// <summary>The index in a database.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="time">The clock that leases, delays and expiry go by; all who share a database should agree on the time to a second or
    /// two.</param>
    public SqlPipelineIndex(ISqlDialect dialect, TimeProvider time)
        : this(new IndexDatabase(dialect, time))
    {
    }

    SqlPipelineIndex(IndexDatabase database)
    {
        _database = database;
        Jobs = new JobIndex(_database);
        Planning = new PlanningIndex(_database);
        Tasks = new TaskIndex(_database);
        Outbox = new OutboxIndex(_database);
        Poison = new PoisonIndex(_database);
        Upkeep = new UpkeepIndex(_database);
        Sweeps = new SweepIndex(_database);
        Schedules = new ScheduleIndex(_database);
        Webhooks = new WebhookIndex(_database);
        Backup = new BackupIndex(_database);
        Records = new RecordIndex(_database);
        Batches = new BatchIndex(_database);
        Caches = new CacheIndex(_database);
        Keys = new KeyIndex(_database);
        Quotas = new QuotaIndex(_database);
    }

    /// <inheritdoc/>
    public IJobIndex Jobs { get; }

    /// <inheritdoc/>
    public IPlanningIndex Planning { get; }

    /// <inheritdoc/>
    public ITaskIndex Tasks { get; }

    /// <inheritdoc/>
    public IOutboxIndex Outbox { get; }

    /// <inheritdoc/>
    public IPoisonIndex Poison { get; }

    /// <inheritdoc/>
    public IUpkeepIndex Upkeep { get; }

    /// <inheritdoc/>
    public ISweepIndex Sweeps { get; }

    /// <inheritdoc/>
    public IScheduleIndex Schedules { get; }

    /// <inheritdoc/>
    public IWebhookIndex Webhooks { get; }

    /// <inheritdoc/>
    public IBackupIndex Backup { get; }

    /// <inheritdoc/>
    public IRecordIndex Records { get; }

    /// <inheritdoc/>
    public IBatchIndex Batches { get; }

    /// <inheritdoc/>
    public ICacheIndex Caches { get; }

    /// <inheritdoc/>
    public IKeyIndex Keys { get; }

    /// <inheritdoc/>
    public IQuotaIndex Quotas { get; }

    /// <inheritdoc/>
    public IPipelineIndex For(Tenant tenant) => new SqlPipelineIndex(_database.For(tenant));

    /// <summary>
    /// Whether messages of tasks wait for their tenants' turns; true by default. Not where one process sends those of its own jobs alone:
    /// what else the index holds would never make room.
    /// </summary>
    internal bool TakesTurns
    {
        init => _database.TakesTurns = value;
    }

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
    public Task<bool> PingAsync(CancellationToken cancellationToken = default) => _database.PingAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
