using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using DiffusionBatch.Contracts;
using Polly;
using Polly.Retry;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Runs the operations: opens or shares connections, makes the schema with the first call, keeps each operation in one
/// transaction, and is the one place where a database that is away or busy is tried again.
/// </summary>
internal sealed class IndexDatabase : IAsyncDisposable
{
    static readonly ResiliencePropertyKey<long> s_began = new("began");

    readonly ISqlDialect _dialect;
    readonly TimeProvider _time;
    readonly SemaphoreSlim _gate = new(1, 1);
    readonly SemaphoreSlim _migration = new(1, 1);
    readonly ResiliencePipeline _retry;
    DbConnection? _shared;
    volatile bool _migrated;

    // Of one that sees a tenant's rows alone: that tenant, and the database that has the connection and all else.
    readonly IndexDatabase? _whole;
    readonly string? _tenant;

    public IndexDatabase(ISqlDialect dialect, TimeProvider time)
    {
        TimestampHandler.Register();
        (_dialect, _time) = (dialect, time);
        // Waiting is for a real server, so that it takes real time whatever the clock of the rows says.
        _retry = new ResiliencePipelineBuilder { TimeProvider = TimeProvider.System }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = a => ValueTask.FromResult(
                    a.Outcome.Exception is { } e && MayPass(e)
                        && Stopwatch.GetElapsedTime(a.Context.Properties.GetValue(s_began, 0)) < Patience),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(2),
            })
            .Build();
    }

    IndexDatabase(IndexDatabase whole, Tenant tenant) =>
        (_whole, _tenant, _dialect, _time, _gate, _migration, _retry) =
            (whole, tenant.Value, whole._dialect, whole._time, whole._gate, whole._migration, whole._retry);

    /// <summary>How long a call is tried.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether messages of tasks wait for their tenants' turns.</summary>
    internal bool TakesTurns { get; set; } = true;

    /// <summary>Called after each transaction was kept and before its caller knows: for tests of answers that get lost.</summary>
    internal Action AfterCommit { get; set; } = () => { };

    /// <summary>By this a claim that is tried again knows itself; the same owner's next claim is another.</summary>
    public static string NewClaim() => Guid.NewGuid().ToString("N");

    /// <summary>The same database, whose operations see a tenant's rows alone (<see cref="IndexSession.Own"/>).</summary>
    public IndexDatabase For(Tenant tenant) => new(_whole ?? this, tenant);

    /// <summary>Runs an operation that only reads.</summary>
    public Task<T> ReadAsync<T>(Func<IndexSession, Task<T>> operation, CancellationToken cancellationToken) =>
        (_whole ?? this).RunAsync(operation, writes: false, _tenant, cancellationToken);

    /// <summary>Runs an operation in a transaction: all of it is kept, or nothing.</summary>
    public Task<T> WriteAsync<T>(Func<IndexSession, Task<T>> operation, CancellationToken cancellationToken) =>
        (_whole ?? this).RunAsync(operation, writes: true, _tenant, cancellationToken);

    /// <summary>
    /// Finds jobs, then runs an operation on each, every one in a transaction of its own; returns the sum of what they did.
    /// </summary>
    public async Task<int> EachAsync(
        Func<IndexSession, Task<IReadOnlyList<string>>> find, Func<IndexSession, string, Task<int>> operation,
        CancellationToken cancellationToken)
    {
        int sum = 0;
        foreach (string job in await ReadAsync(find, cancellationToken))
            sum += await WriteAsync(s => operation(s, job), cancellationToken);
        return sum;
    }

    /// <summary>Whether the database answers now; tried once.</summary>
    public async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await (_whole ?? this).OnceAsync(s => s.ScalarAsync<long>("select 1"), false,
                new IndexCall(_time.GetUtcNow(), false, null, true), cancellationToken) == 1;
        }
        catch (Exception e) when (e is DbException || _dialect.IsTransient(e))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_whole is not null) return;
        if (_shared is not null) await _shared.DisposeAsync();
        _shared = null;
        _gate.Dispose();
        _migration.Dispose();
    }

    bool MayPass(Exception exception) => exception is TimeoutException || _dialect.IsTransient(exception);

    async Task<T> RunAsync<T>(Func<IndexSession, Task<T>> operation, bool writes, string? tenant, CancellationToken cancellationToken)
    {
        // One time a call, however often it is tried: by it a repeated call knows what an earlier try has written.
        var call = new IndexCall(_time.GetUtcNow(), false, tenant, TakesTurns);
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        long began = Stopwatch.GetTimestamp();
        context.Properties.Set(s_began, began);
        try
        {
            return await _retry.ExecuteAsync(
                async _ =>
                {
                    IndexCall now = call;
                    call = call with { Retried = true };
                    return await OnceAsync(operation, writes, now, cancellationToken);
                },
                context);
        }
        catch (Exception e) when (MayPass(e))
        {
            throw new IndexUnavailableException(
                string.Create(CultureInfo.InvariantCulture,
                    $"The index didn't answer for {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s: {e.Message}"), e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    async Task<T> OnceAsync<T>(Func<IndexSession, Task<T>> operation, bool writes, IndexCall call, CancellationToken cancellationToken)
    {
        if (!_dialect.OneConnection)
        {
            DbConnection own = await _dialect.OpenAsync(cancellationToken);
            await using (own) return await WithinAsync(own, operation, writes, call, cancellationToken);
        }
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _shared ??= await _dialect.OpenAsync(cancellationToken);
            return await WithinAsync(_shared, operation, writes, call, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    async Task<T> WithinAsync<T>(DbConnection connection, Func<IndexSession, Task<T>> operation, bool writes, IndexCall call,
        CancellationToken cancellationToken)
    {
        await MigrateAsync(connection, cancellationToken);
        if (!writes) return await operation(new IndexSession(connection, null, _dialect.LockRows, call, cancellationToken));
        DbTransaction transaction = await _dialect.BeginAsync(connection, cancellationToken);
        await using (transaction)
        {
            T outcome = await operation(new IndexSession(connection, transaction, _dialect.LockRows, call, cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            AfterCommit();
            return outcome;
        }
    }

    async Task MigrateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (_migrated) return;
        await _migration.WaitAsync(cancellationToken);
        try
        {
            if (!_migrated) Migrator.Migrate(_dialect, connection, _time);
            _migrated = true;
        }
        finally
        {
            _migration.Release();
        }
    }
}
