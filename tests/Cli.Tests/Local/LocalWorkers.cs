using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace DiffusionBatch.Cli.Tests.Local;

/// <summary>The workers of a <c>dbatch up</c>, as /proc and the index show them.</summary>
/// <param name="state">Its root.</param>
/// <param name="index">Its SQLite file.</param>
internal sealed class LocalWorkers(string state, string index)
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A worker that is alive and holds tasks, as soon as there is one, the first by name; null once all jobs have ended.
    /// </summary>
    public async Task<(string Name, int Process)?> HolderAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (Query(c => c.ExecuteScalar<bool>("select exists (select 1 from jobs where finished_at is null)")))
        {
            foreach (string name in Holders())
                if (Find(name) is { } process) return (name, process);
            await Task.Delay(10, limit.Token);
        }
        return null;
    }

    /// <summary>
    /// The names of those that hold tasks. A worker that was killed holds its tasks until the lease ends, but not one that was started
    /// after it took them.
    /// </summary>
    public IReadOnlyList<string> Holders() => Query(c => c.Query<(string Owner, string Since)>(
            "select t.owner, min(a.started_at) from tasks t join attempts a using (job_id, ordinal, attempt) where t.state = 'running' "
                + "group by t.owner order by t.owner")
        .Where(h => Find(h.Owner) is { } process
            && StartOf(process) < DateTime.Parse(h.Since, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal))
        .Select(h => h.Owner).ToList());

    /// <summary>How many attempts ended in some way.</summary>
    public long Attempts(string outcome) =>
        Query(c => c.ExecuteScalar<long>("select count(*) from attempts where outcome = @outcome", new { outcome }));

    /// <summary>
    /// Whether another can write the index now: a process that stands still in the middle of a transaction would keep all from it.
    /// </summary>
    public bool IsWritable()
    {
        try
        {
            return Query(c =>
            {
                c.Execute("begin immediate; rollback", commandTimeout: 1);
                return true;
            });
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Waits until a process has ended.</summary>
    public static async Task EndAsync(int process)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (CommandLine(process).Length > 0) await Task.Delay(10, limit.Token);
    }

    int? Find(string name) => Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0 && CommandLine(id) is var line && line.Contains("GpuWorker.dll", StringComparison.Ordinal)
            && line.Contains($" --name {name} ", StringComparison.Ordinal) && line.Contains(state, StringComparison.Ordinal))
        .Select(id => (int?)id).FirstOrDefault();

    static DateTime StartOf(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return DateTime.MaxValue;
        }
    }

    // Empty once it has ended.
    static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    T Query<T>(Func<SqliteConnection, T> query)
    {
        using var connection = new SqliteConnection($"Data Source={index};Pooling=False;Default Timeout=10");
        connection.Open();
        return query(connection);
    }
}
