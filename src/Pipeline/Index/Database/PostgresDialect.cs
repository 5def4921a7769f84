using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Azure.Core;
using Azure.Identity;
using Dapper;
using Npgsql;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The index in a PostgreSQL database (13 or newer) that exists; the tables are made in the first schema of its search path.</summary>
public sealed class PostgresDialect : ISqlDialect
{
    // Any number, the same for all programs that migrate this schema: "dbatch".
    const long MigrationLock = 0x646261746368;

    // What a token for Azure Database for PostgreSQL is made out to.
    static readonly TokenRequestContext s_scope = new(["https://ossrdbms-aad.database.windows.net/.default"]);

    readonly string _connectionString;

    // Where a token is the password; such connections have a pool of their own.
    readonly NpgsqlDataSource? _source;

    /// <summary>The index in a database.</summary>
    /// <param name="connectionString">As Npgsql has it: "Host=...;Database=...;Username=...;Password=...".</param>
    /// <param name="identity">Whose tokens are the password, where the connection string has none: of the user that is named like it.</param>
    public PostgresDialect(string connectionString, TokenCredential? identity = null)
    {
        _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "dbatch" }.ToString();
        if (identity is null) return;
        // The credential keeps a token until shortly before its end: asking it for each connection costs nothing.
        _source = new NpgsqlDataSourceBuilder(_connectionString).UsePasswordProvider(
            _ => identity.GetToken(s_scope, default).Token,
            async (_, cancellationToken) => (await identity.GetTokenAsync(s_scope, cancellationToken)).Token).Build();
    }

    /// <inheritdoc/>
    public string Migrations => "postgres";

    /// <inheritdoc/>
    public bool OneConnection => false;

    /// <summary>Foreign keys may still be checked against the rows.</summary>
    public string LockRows => " for no key update";

    /// <inheritdoc/>
    public DbConnection Open()
    {
        NpgsqlConnection connection = Connection();
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
        NpgsqlConnection connection = Connection();
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        return connection;
    }

    /// <inheritdoc/>
    public async Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken = default) =>
        await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

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
        // A token that can't be had now may be had later.
        NpgsqlException e => e.IsTransient || e.InnerException is SocketException or IOException or TimeoutException or AuthenticationFailedException,
        SocketException => true,
        _ => false,
    };

    NpgsqlConnection Connection() => _source?.CreateConnection() ?? new NpgsqlConnection(_connectionString);
}
