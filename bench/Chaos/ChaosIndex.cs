using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DiffusionBatch.Bench;

/// <summary>Reads an index as a dashboard does, by SQL.</summary>
/// <param name="folder">The folder of its <c>dbatch.db</c>.</param>
/// <param name="postgres">A PostgreSQL connection string in place of that, or null.</param>
internal sealed class ChaosIndex(string folder, string? postgres = null)
{
    /// <summary>
    /// The files of an output's results, times apart: cell, part, bytes, lines, errors, forward passes, tokens, FLOPs; in order.
    /// </summary>
    internal IReadOnlyList<string> Parts(string output) => Rows(
        """
        select a.cell || ' ' || a.part || ': ' || a.bytes || ' bytes ' || a.lines || ' lines ' || a.errored || ' errors '
            || a.nfe || ' passes ' || a.tokens || ' tokens ' || coalesce(cast(cast(a.flops as bigint) as text), '-')
        from artifacts a join jobs j on j.id = a.job_id
        where j.output = @output and a.kind = 'part'
        order by a.cell, a.part
        """,
        new { output });

    /// <summary>The files of an output's traces: path within it, bytes, lines.</summary>
    internal IReadOnlyList<string> Traces(string output) => Rows(
        "select substr(a.path, @skip) || ' ' || a.bytes || ' ' || a.lines from artifacts a join jobs j on j.id = a.job_id where j.output "
            + "= @output and a.kind = 'trace' order by a.path",
        new { output, skip = output.Length + 2 });

    /// <summary>The item rows of a job: cell, id, length, forward passes, error; in the order of cells and items.</summary>
    internal IReadOnlyList<string> Items(string job) => Rows(
        "select cell || ' ' || id || ' ' || length || ' ' || nfe || ' ' || coalesce(error_code, '-') from items where job_id = @job "
            + "order by cell, item", new { job });

    /// <summary>How many tasks of a job are in another state than completed, and how many are on the poison list.</summary>
    internal long Unfinished(string job) => Query(c => c.ExecuteScalar<long>(
        "select (select count(*) from tasks where job_id = @job and state <> 'completed') + (select count(*) from poison where "
            + "job_id = @job)", new { job }));

    /// <summary>The attempts of jobs, counted by how they ended.</summary>
    internal IReadOnlyList<(string Outcome, long Count)> Attempts(string[] jobs) => Query(c => c.Query<(string, long)>(
        $"select coalesce(outcome, 'open'), count(*) from attempts where job_id in "
            + $"({string.Join(',', jobs.Select(j => $"'{j}'"))}) group by 1 order by 1").ToList());

    /// <summary>
    /// The workers that hold tasks, in which attempt and since when, the longest holder first; those that were killed hold theirs until the
    /// lease ends.
    /// </summary>
    internal IReadOnlyList<(string Owner, long Attempt, string Since)> Holders() => Query(c => c.Query<(string, long, string)>(
        """
        select t.owner, cast(t.attempt as bigint), a.started_at
        from tasks t join attempts a on a.job_id = t.job_id and a.ordinal = t.ordinal and a.attempt = t.attempt
        where t.state = 'running'
        order by a.started_at, t.ordinal
        """).ToList());

    private List<string> Rows(string sql, object arguments) => Query(c => c.Query<string>(sql, arguments).ToList());

    private T Query<T>(Func<DbConnection, T> query)
    {
        using DbConnection connection = postgres is null
            ? new SqliteConnection($"Data Source={Path.Combine(folder, "dbatch.db")};Mode=ReadWrite;Pooling=False")
            : new NpgsqlConnection(postgres + ";Pooling=false");
        connection.Open();
        return query(connection);
    }
}
