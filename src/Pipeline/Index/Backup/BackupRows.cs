using System.Buffers;
using Dapper;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Rows of any table: a column that a table gets needs no line here.</summary>
internal static class BackupRows
{
    // What columns' names are made of: they come from a file and go into SQL.
    static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_0123456789");

    /// <summary>The rows of a select, by column.</summary>
    public static async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAsync(IndexSession session, string sql,
        object arguments) =>
        [.. (await session.ListAsync<object>(sql, arguments)).Select(row => ((IDictionary<string, object?>)row).ToDictionary())];

    /// <summary>Enters a row where none of its key is there; returns how many were entered.</summary>
    /// <param name="session">The session.</param>
    /// <param name="table">The table.</param>
    /// <param name="row">The row.</param>
    /// <param name="value">What a column is to have.</param>
    /// <exception cref="InvalidDataException">A column's name is none.</exception>
    public static Task<int> InsertAsync(IndexSession session, string table, IReadOnlyDictionary<string, object?> row,
        Func<string, object?> value)
    {
        string[] columns = [.. row.Keys];
        if (Array.Find(columns, c => c.AsSpan().ContainsAnyExcept(s_letters)) is { } odd)
            throw new InvalidDataException($"{table} has no column \"{odd}\".");
        var arguments = new DynamicParameters();
        foreach (string column in columns) arguments.Add(column, value(column));
        return session.ExecuteAsync(
            $"insert into {table} ({string.Join(", ", columns)}) values "
                + $"({string.Join(", ", columns.Select(c => "@" + c))}) on conflict do nothing", arguments);
    }
}
