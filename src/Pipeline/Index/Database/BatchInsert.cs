using System.Data.Common;
using System.Globalization;
using System.Text;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Inserts many rows with few statements: some twenty rows each, not one a row.</summary>
/// <param name="table">The table.</param>
/// <param name="columns">Its columns, in the order of the rows' values.</param>
/// <param name="onConflict">What follows the values: what to do about rows that are there.</param>
internal sealed class BatchInsert(string table, string[] columns, string onConflict)
{
    // SQLite's client looks each parameter up by its name among all, so that more of them a statement take longer, not less.
    const int MostParameters = 200;

    readonly int _mostRows = MostParameters / columns.Length;
    readonly string _head = $"insert into {table} ({string.Join(", ", columns)}) values ";
    string? _full;

    /// <summary>Inserts the rows; returns how many were inserted or changed.</summary>
    public async Task<int> RunAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<object?[]> rows,
        CancellationToken cancellationToken)
    {
        int changed = 0, full = rows.Count / _mostRows * _mostRows;
        if (full > 0) changed += await RunAsync(connection, transaction, rows, 0, full, _mostRows, cancellationToken);
        if (full < rows.Count)
            changed += await RunAsync(connection, transaction, rows, full, rows.Count, rows.Count - full, cancellationToken);
        return changed;
    }

    // One statement, run over and over with the values of `step` rows.
    async Task<int> RunAsync(
        DbConnection connection, DbTransaction? transaction, IReadOnlyList<object?[]> rows, int first, int end, int step,
        CancellationToken cancellationToken)
    {
        int changed = 0;
        DbCommand command = connection.CreateCommand();
        await using (command)
        {
            command.Transaction = transaction;
            command.CommandText = step == _mostRows ? _full ??= Text(step) : Text(step);
            for (int i = 0; i < step * columns.Length; i++)
            {
                DbParameter parameter = command.CreateParameter();
                parameter.ParameterName = Name(i);
                command.Parameters.Add(parameter);
            }
            for (; first < end; first += step)
            {
                for (int i = 0; i < step * columns.Length; i++)
                    command.Parameters[i].Value = rows[first + i / columns.Length][i % columns.Length] ?? DBNull.Value;
                changed += await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        return changed;
    }

    string Text(int rows)
    {
        var text = new StringBuilder(_head);
        for (int r = 0; r < rows; r++)
        {
            text.Append(r == 0 ? "(" : ", (");
            for (int c = 0; c < columns.Length; c++) text.Append(c == 0 ? "@" : ", @").Append(Name(r * columns.Length + c));
            text.Append(')');
        }
        return text.Append(' ').Append(onConflict).ToString();
    }

    static string Name(int parameter) => string.Create(CultureInfo.InvariantCulture, $"p{parameter}");
}
