using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;

namespace DiffusionBatch.Testing;

/// <summary>
/// All rows of all tables and views of an index, as text, to compare two by. Jobs are called by their names; times, rates and what names
/// processes, versions of files and live progress are left out.
/// </summary>
public static class IndexRows
{
    // Numbers that a database or a request gives, who worked and when, in whose turn, how fast, and what depends on when a heartbeat came.
    static readonly string[] s_apart =
    [
        "saved_version", "idempotency_key", "body_hash", "sent_for", "sent_to",
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
    /// <param name="clocks">Whether a real clock ran: how long work took, and the sizes of files that tell times, are left out.</param>
    public static IReadOnlyList<string> Read(string database, bool interrupted = false, bool clocks = false)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False;Default Timeout=10");
        connection.Open();
        Dictionary<string, string> names = connection.Query<(string Id, string Name)>("select id, name from jobs")
            .ToDictionary(j => j.Id, j => j.Name);
        var rows = new List<string>();
        foreach (string table in connection.Query<string>("select name from sqlite_master where type in ('table', 'view') and name not "
            + "like 'sqlite_%' and name <> 'migrations' order by name").ToList())
        {
            // Where files came from, and whose turn it is.
            if (table is "uploads" or "turns") continue;
            if (interrupted && table is "attempts" or "outbox" or "v_attempts" or "v_estimates") continue;
            // A job's end is asked for by a message, unless somebody who looks around has ended it before that was sent.
            string which = table == "outbox" ? " where kind <> 'finalize'" : "";
            rows.AddRange(connection.Query($"select * from {table}{which}").Select(row => (IDictionary<string, object?>)row)
                .Select(row => table + ": " + string.Join(", ", row
                    .Where(c => Counts(table, c.Key, interrupted) && !(clocks && TellsTime(c.Key, row)))
                    .Select(c => $"{c.Key}={Text(c.Key, c.Value, names)}")))
                .Order(StringComparer.Ordinal));
        }
        return rows;
    }

    // A file's size too: a time in it has more digits or fewer.
    static bool TellsTime(string column, IDictionary<string, object?> row) => column is "bytes" or "seconds" or "cost"
        || (column == "score" && (string?)(row.TryGetValue("metric", out object? name) ? name : row["name"]) is { } metric
            && metric.Contains("second", StringComparison.OrdinalIgnoreCase));

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
