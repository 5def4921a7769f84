using System.Data.Common;
using Dapper;
using DiffusionBatch.Pipeline.Files;
using Microsoft.Data.Sqlite;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The index as a SQLite file: WAL, so that others can read while a job runs.</summary>
/// <param name="path">The file.</param>
public sealed class SqliteDialect(string path) : ISqlDialect
{
    const int Busy = 5, Locked = 6;

    /// <inheritdoc/>
    public string Migrations => "sqlite";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Words { get; } = new Dictionary<string, string>
    {
        ["key"] = "text",
        ["long"] = "integer",
        ["real"] = "real",
        ["rowid"] = "integer primary key autoincrement",
        ["time"] = "{0}",
        ["seconds"] = "86400.0 * (julianday({1}) - julianday({0}))",
        ["whole"] = "{0}",
    };

    /// <inheritdoc/>
    public bool OneConnection => true;

    /// <summary>Nothing: who writes has locked the whole file.</summary>
    public string LockRows => "";

    /// <inheritdoc/>
    public DbConnection Open()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            // The file and its WAL are closed, and the WAL folded in, as soon as the connection is.
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("pragma journal_mode = wal; pragma synchronous = normal;");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        return connection;
    }

    /// <inheritdoc/>
    public Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default) => Task.FromResult(Open());

    /// <inheritdoc/>
    public Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken = default) =>
        Task.FromResult(BeginMigration(connection));

    /// <inheritdoc/>
    public DbTransaction BeginMigration(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: false);

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => exception is SqliteException { SqliteErrorCode: Busy or Locked };
}

/// <summary>Why a SQLite file can't be used, and what to do: SQLite itself has one word, "unable to open", for many causes.</summary>
internal static class SqliteTrouble
{
    // SQLite's primary result codes.
    const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14,
        NoDatabase = 26;

    /// <summary>The cause in words.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="path">The file.</param>
    public static string Reason(DbException e, string path) => e is not SqliteException sqlite ? e.Message : sqlite.SqliteErrorCode switch
    {
        Busy or Locked => "another program has locked it; end that program (a SQL shell with an open transaction, for one), then run again",
        Full => "the disk is full, or its quota used up",
        Corrupt or NoDatabase => $"{e.Message}; move the file away, and the index is made anew from the output folders",
        Permission or ReadOnly or InputOutput or CannotOpen when Unwritable(path) is { } why => why,
        _ => e.Message,
    };

    // The file's companions (write-ahead log and shared memory) are opened with it.
    static string? Unwritable(string path)
    {
        foreach (string file in (string[])[path, path + "-wal", path + "-shm"])
            if ((file == path || Path.Exists(file)) && FileTrouble.ToWrite(file) is { } why)
                return file == path ? why : $"{why} ({Path.GetFileName(file)})";
        return null;
    }
}
