using System.Data.Common;
using System.Globalization;
using System.Text;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Inserts many rows with few statements: one a thousand rows, not one a row.</summary>
/// <param name="table">The table.</param>
/// <param name="columns">Its columns, in the order of the rows' values; at most 32.</param>
/// <param name="onConflict">What follows the values: what to do about rows that are there.</param>
internal sealed class BatchInsert(string table, string[] columns, string onConflict)
{
    // SQLite takes 32,766 parameters a statement, PostgreSQL 65,535.
    const int MostRows = 1000;

    readonly string _head = $"insert into {table} ({string.Join(", ", columns)}) values ";
    string? _full;

    /// <summary>Inserts the rows; returns how many were inserted or changed.</summary>
    public async Task<int> RunAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        int changed = 0;
        for (int first = 0; first < rows.Count; first += MostRows)
        {
            int count = Math.Min(MostRows, rows.Count - first);
            DbCommand command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
                command.Transaction = transaction;
                command.CommandText = count == MostRows ? _full ??= Text(MostRows) : Text(count);
                for (int r = 0; r < count; r++)
                {
                    for (int c = 0; c < columns.Length; c++)
                    {
                        DbParameter parameter = command.CreateParameter();
                        parameter.ParameterName = Name(r, c);
                        parameter.Value = rows[first + r][c] ?? DBNull.Value;
                        command.Parameters.Add(parameter);
                    }
                }
                changed += await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
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
            for (int c = 0; c < columns.Length; c++) text.Append(c == 0 ? "@" : ", @").Append(Name(r, c));
            text.Append(')');
        }
        return text.Append(' ').Append(onConflict).ToString();
    }

    string Name(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"p{row * columns.Length + column}");
}
