using System.Data.Common;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What differs between the databases that can hold the index. The operations' SQL is the same for all.</summary>
public interface ISqlDialect
{
    /// <summary>The folder of the dialect's migrations.</summary>
    string Migrations { get; }

    /// <summary>
    /// How the database says what the shared migrations have in braces: types (<c>key</c>, a text that is compared by bytes; <c>long</c>;
    /// <c>real</c>; <c>rowid</c>, a number that it gives itself), and with <c>{0}</c> for an argument <c>time</c> (a column's, as views
    /// show it), <c>seconds</c> (from <c>{0}</c> to <c>{1}</c>) and <c>whole</c> (a sum of whole numbers).
    /// </summary>
    IReadOnlyDictionary<string, string> Words { get; }

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

    /// <summary>
    /// Whether the same call may succeed later: the database is away, starting, busy, or chose this transaction to break a deadlock.
    /// </summary>
    bool IsTransient(Exception exception);
}
