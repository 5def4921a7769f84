using System.Data.Common;
using Dapper;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What an operation works with: a connection, within a transaction where it writes.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction, or null.</param>
/// <param name="lockRows">What ends a select that locks its rows.</param>
/// <param name="call">The call.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class IndexSession(DbConnection connection, DbTransaction? transaction, string lockRows, IndexCall call,
    CancellationToken cancellationToken)
{
    /// <summary>What ends a select that locks its rows.</summary>
    public string LockRows => lockRows;

    /// <summary>When the call was made.</summary>
    public DateTimeOffset Time => call.Now;

    /// <summary>When the call was made, as the columns have it.</summary>
    public string Now { get; } = Timestamp.Of(call.Now);

    /// <summary>Whether an earlier try of the same call may have been kept.</summary>
    public bool Retried => call.Retried;

    /// <summary>Whose rows alone the call is about; null: it is the pipeline's own, and about all.</summary>
    public string? Tenant => call.Tenant;

    /// <summary>Whether messages of tasks wait for their tenants' turns.</summary>
    public bool TakesTurns => call.TakesTurns;

    /// <summary>
    /// What a condition has at its end, so that it is met by rows of the call's tenant alone; nothing where the call is about all.
    /// </summary>
    /// <param name="column">The column that says whose a row is.</param>
    public string Own(string column) => Tenant is null ? "" : $" and {column} = @tenant";

    /// <summary>A time after the call's, as the columns have it.</summary>
    public string In(TimeSpan span) => Timestamp.Of(call.Now + span);

    /// <summary>Runs a statement; returns the rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? arguments = null) => connection.ExecuteAsync(Command(sql, arguments));

    /// <summary>The first column of the first row, or null.</summary>
    public Task<T?> ScalarAsync<T>(string sql, object? arguments = null) => connection.ExecuteScalarAsync<T>(Command(sql, arguments));

    /// <summary>The first row, or null.</summary>
    public Task<T?> FirstAsync<T>(string sql, object? arguments = null) where T : class =>
        connection.QueryFirstOrDefaultAsync<T>(Command(sql, arguments));

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? arguments = null) =>
        (await connection.QueryAsync<T>(Command(sql, arguments))).AsList();

    /// <summary>Inserts many rows with few statements; returns how many are new.</summary>
    public Task<int> InsertAsync(BatchInsert batch, IReadOnlyList<object?[]> rows) =>
        batch.RunAsync(connection, transaction, rows, cancellationToken);

    CommandDefinition Command(string sql, object? arguments)
    {
        if (Tenant is not null && sql.Contains("@tenant", StringComparison.Ordinal))
        {
            var all = new DynamicParameters(arguments);
            all.Add("tenant", Tenant);
            arguments = all;
        }
        return new CommandDefinition(sql, arguments, transaction, cancellationToken: cancellationToken);
    }
}

/// <summary>A call of an operation.</summary>
/// <param name="Now">When it was made, to the millisecond that the index keeps.</param>
/// <param name="Retried">Whether it was tried before, and an earlier try may have been kept although its answer was lost.</param>
/// <param name="Tenant">Whose rows alone it is about, or null: all.</param>
/// <param name="TakesTurns">Whether messages of tasks wait for their tenants' turns.</param>
internal sealed record IndexCall(DateTimeOffset Now, bool Retried, string? Tenant, bool TakesTurns);
