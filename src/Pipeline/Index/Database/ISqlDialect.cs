using System.Data.Common;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What differs between the databases that can hold the index. The operations' SQL is the same for all.</summary>
public interface ISqlDialect
{
    /// <summary>The folder of the dialect's migrations.</summary>
    string Migrations { get; }

    /// <summary>Whether all of a process' calls share one connection, one after the other; else each has its own from a pool.</summary>
    bool OneConnection { get; }

    /// <summary>What ends a select that locks the rows it reads until the transaction ends.</summary>
    string LockRows { get; }

    /// <summary>Opens a connection; creates the database where it can and must.</summary>
    DbConnection Open();

    /// <summary>Opens a connection; creates the database where it can and must.</summary>
    Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Begins a transaction that writes.</summary>
    Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken = default);

    /// <summary>Begins a transaction in which nobody else migrates.</summary>
    DbTransaction BeginMigration(DbConnection connection);

    /// <summary>Whether the same call may succeed later: the database is away, starting, busy, or chose this transaction to break a deadlock.</summary>
    bool IsTransient(Exception exception);
}
