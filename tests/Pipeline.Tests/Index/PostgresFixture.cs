using Dapper;
using DiffusionBatch.Pipeline.Index;
using Npgsql;

namespace DiffusionBatch.Pipeline.Tests.Index;

/// <summary>One PostgreSQL server for all tests, started by the first that needs it; each asks for a database of its own.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    readonly SemaphoreSlim _gate = new(1, 1);
    PostgresServer? _server;
    int _databases;

    /// <summary>An empty database.</summary>
    public async Task<ISqlDialect> NewDatabaseAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _server ??= await StartServerAsync();
            string name = $"index{_databases++}";
            await using var connection = new NpgsqlConnection(_server.Connection("postgres") + ";Pooling=false");
            await connection.ExecuteAsync($"create database {name}");
            return new PostgresDialect(_server.Connection(name));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A server of the test's own; skips the test where there are no binaries.</summary>
    public static async Task<PostgresServer> StartServerAsync()
    {
        if (await PostgresServer.StartNewAsync() is { } server) return server;
        Machine.Lacks("PostgreSQL isn't installed: on Debian, \"apt-get install postgresql\".");
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null) await _server.DisposeAsync();
    }
}
