using System.Data.Common;
using Dapper;
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
