using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using Npgsql;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The index in a PostgreSQL database (13 or newer) that exists; the tables are made in the first schema of its search path.</summary>
/// <param name="connectionString">As Npgsql has it: "Host=...;Database=...;Username=...;Password=...".</param>
public sealed class PostgresDialect(string connectionString) : ISqlDialect
{
    // Any number, the same for all programs that migrate this schema: "dbatch".
    const long MigrationLock = 0x646261746368;

    readonly string _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "dbatch" }.ToString();

    /// <inheritdoc/>
    public string Migrations => "postgres";

    /// <inheritdoc/>
    public bool OneConnection => false;

    /// <summary>Foreign keys may still be checked against the rows.</summary>
    public string LockRows => " for no key update";

    /// <inheritdoc/>
    public DbConnection Open()
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            connection.Open();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        return connection;
    }

    /// <inheritdoc/>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return connection;
    }

    /// <inheritdoc/>
    public async Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken = default) =>
        await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public DbTransaction BeginMigration(DbConnection connection)
    {
        DbTransaction transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        connection.Execute("select pg_advisory_xact_lock(@key)", new { key = MigrationLock }, transaction);
        return transaction;
    }

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => exception switch
    {
        // Class 57P: the server is stopped or starts; 40: serialization and deadlocks; 53300: too many connections; 55P03: a lock.
        PostgresException e => e.IsTransient || e.SqlState is "57P01" or "57P02" or "57P03" or "53300" or "40001" or "40P01" or "55P03" || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException e => e.IsTransient || e.InnerException is SocketException or IOException or TimeoutException,
        SocketException => true,
        _ => false,
    };
}
