using System.Data.Common;
using DiffusionBatch.Pipeline.Index.Operations;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The index in a SQL database: one connection, one thread at a time.</summary>
public sealed class SqlJobIndex : IJobIndex
{
    readonly DbConnection _connection;
    readonly TimeProvider _time;
    readonly string _owner;
    readonly Lock _lock = new();

    /// <summary>Opens the database and brings it to the newest schema.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="owner">Who works: process and machine.</param>
    public SqlJobIndex(ISqlDialect dialect, TimeProvider time, string owner)
    {
        TimestampHandler.Register();
        (_time, _owner) = (time, owner);
        _connection = dialect.Open();
        Migrator.Migrate(dialect, _connection, time);
    }

    /// <inheritdoc/>
    public JobRow? Find(string output, string fingerprint) => Do(c => FindJob.Run(c, output, fingerprint));

    /// <inheritdoc/>
    public JobRow? Get(string id) => Do(c => GetJob.Run(c, id));

    /// <inheritdoc/>
    public IReadOnlyList<JobRow> List() => Do(ListJobs.Run);

    /// <inheritdoc/>
    public void Add(JobRow job) => Do(c => InsertJob.Run(c, job, Now));

    /// <inheritdoc/>
    public void Transition(string id, JobState to, string? error = null, ItemCounts? items = null) =>
        Do(c => TransitionJob.Run(c, id, to, error, items, _owner, Now));

    /// <inheritdoc/>
    public void SetTasks(string id, long total) => Do(c => SetTaskCount.Run(c, id, total));

    /// <inheritdoc/>
    public void SaveArtifact(string id, ArtifactRow file) => Do(c => SaveArtifacts.Run(c, id, file));

    /// <inheritdoc/>
    public void SaveMetrics(string id, IReadOnlyList<MetricValue> metrics) => Do(c => ReplaceMetrics.Run(c, id, metrics));

    /// <inheritdoc/>
    public void SaveSweepPoints(string id, IReadOnlyList<SweepPoint> points) => Do(c => ReplaceSweepPoints.Run(c, id, points));

    /// <inheritdoc/>
    public int TakeOver() => Do(TakeOverJobs.Run);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    string Now => Timestamp.Of(_time.GetUtcNow());

    T Do<T>(Func<DbConnection, T> operation)
    {
        lock (_lock) return operation(_connection);
    }
}
