using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Tests.Index;

/// <summary>
/// All rows of all tables and views of an index, as text, to compare two by. Jobs are called by their names; times, rates and what names
/// processes, versions of files and live progress are left out.
/// </summary>
internal static class IndexRows
{
    // Numbers that a database gives, who worked and when, how fast, and what depends on when a heartbeat came.
    static readonly string[] s_apart =
    [
        "saved_version",
        "owner", "worker", "claim", "plan_claim", "lease_until", "first_lease_until", "plan_until", "oldest_queued", "seconds", "units",
        "worker_seconds",
        "estimate_seconds", "actual_to_estimate", "seconds_per_item", "tokens_per_second", "latency_median", "latency_p95", "peak_memory",
        "etag", "input_etag",
        "phase", "unit", "figures", "progress_done", "progress_total", "progress_best", "progressed",
    ];

    // Beside those, what differs where work was interrupted: how often it was begun.
    static readonly string[] s_tries = ["attempt", "plan_attempt", "failures", "version"];

    /// <summary>The rows, in an order of their own.</summary>
    /// <param name="database">The SQLite file.</param>
    /// <param name="interrupted">Whether the tries of tasks are left out too, and the messages that they were sent with.</param>
    public static IReadOnlyList<string> Read(string database, bool interrupted = false)
    {
        using DbConnection connection = new SqliteDialect(database).Open();
        Dictionary<string, string> names = connection.Query<(string Id, string Name)>("select id, name from jobs")
            .ToDictionary(j => j.Id, j => j.Name);
        var rows = new List<string>();
        foreach (string table in connection.Query<string>("select name from sqlite_master where type in ('table', 'view') and name not "
            + "like 'sqlite_%' and name <> 'migrations' order by name").ToList())
        {
            if (interrupted && table is "attempts" or "outbox" or "v_attempts" or "v_estimates") continue;
            // A job's end is asked for by a message, unless somebody who looks around has ended it before that was sent.
            string which = table == "outbox" ? " where kind <> 'finalize'" : "";
            rows.AddRange(connection.Query($"select * from {table}{which}")
                .Select(row => table + ": " + string.Join(", ", ((IDictionary<string, object?>)row)
                .Where(c => Counts(table, c.Key, interrupted)).Select(c => $"{c.Key}={Text(c.Key, c.Value, names)}")))
                .Order(StringComparer.Ordinal));
        }
        return rows;
    }

    static bool Counts(string table, string column, bool interrupted) =>
        !column.EndsWith("_at", StringComparison.Ordinal) && !(column == "id" && table is "outbox" or "poison")
        && (!s_apart.Contains(column) || (column == "seconds" && (table is "artifacts" or "v_parts" || (table == "items" && !interrupted))))
        && !(interrupted && s_tries.Contains(column));

    static string Text(string column, object? value, Dictionary<string, string> names)
    {
        string text = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
        if (column == "cost" && text.Length > 0)
        {
            JsonObject cost = JsonNode.Parse(text)!.AsObject();
            cost.Remove("seconds");
            cost.Remove("peakMemory");
            text = cost.ToJsonString();
        }
        return names.GetValueOrDefault(text, text);
    }
}
