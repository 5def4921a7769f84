using System.Data.Common;
using System.Diagnostics;
using DiffusionBatch.Testing;

namespace DiffusionBatch.Bench;

/// <summary>Kills workers, stops them, and takes the database away; which worker and when comes from a seed.</summary>
internal sealed class Fire(string state, ChaosIndex index, int seed)
{
    private const int KillsBetweenTerms = 5;

    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(10), s_look = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(seed);

    /// <summary>SIGKILLs so far.</summary>
    internal int Kills { get; private set; }

    /// <summary>SIGTERMs so far.</summary>
    internal int Terms { get; private set; }

    /// <summary>The longest that a worker took to end after SIGTERM.</summary>
    internal TimeSpan SlowestTerm { get; private set; }

    /// <summary>How long the database was stopped.</summary>
    internal TimeSpan Outage { get; private set; }

    /// <summary>
    /// Kills one worker at each tick, any of those that hold tasks (where none does, as soon as one does); after every
    /// fifth another is stopped, and halfway the database is away.
    /// </summary>
    internal async Task RunAsync(int kills, TimeSpan every, PostgresServer? server)
    {
        var beside = new List<Task>();
        long started = Stopwatch.GetTimestamp();
        for (int ticks = 1; Kills < kills; ticks++)
        {
            TimeSpan wait = (every * ticks) - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            if (!await KillAsync(await AnyAsync()))
                continue;
            Kills++;
            if (Kills % KillsBetweenTerms == 0)
                beside.Add(TermAsync());
            if (server is not null && Kills == (kills + 1) / 2 && Outage == default)
                beside.Add(AwayAsync(server));
        }
        await Task.WhenAll(beside);
    }

    /// <summary>Kills whoever holds a task, some seconds into each attempt.</summary>
    internal async Task AtHoldersAsync(int kills)
    {
        (string Owner, long Attempt, string Since)? last = null;
        while (Kills < kills)
        {
            if (HoldersOrNone() is not [var holder, ..] || holder == last)
            {
                await Task.Delay(s_look);
                continue;
            }
            last = holder;
            await Task.Delay(TimeSpan.FromSeconds(3 + (5 * _random.NextDouble())));
            if (HoldersOrNone().Contains(holder) && Workers.Named(state, holder.Owner, holder.Since) is { } worker
                && await KillAsync(worker))
                Kills++;
        }
    }

    // SQLite can't always be opened while another process opens or closes it.
    private IReadOnlyList<(string Owner, long Attempt, string Since)> HoldersOrNone()
    {
        try
        {
            return index.Holders();
        }
        catch (DbException)
        {
            return [];
        }
    }

    private static async Task<bool> KillAsync(int worker)
    {
        if (!Workers.Signal(worker, Workers.Kill))
            return false;
        await Workers.EndAsync(worker);
        return true;
    }

    private async Task TermAsync()
    {
        int worker = await AnyAsync();
        long started = Stopwatch.GetTimestamp();
        if (!Workers.Signal(worker, Workers.Terminate))
            return;
        Terms++;
        await Workers.EndAsync(worker);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        if (took > SlowestTerm)
            SlowestTerm = took;
    }

    private async Task AwayAsync(PostgresServer server)
    {
        Outage = s_outage;
        long started = Stopwatch.GetTimestamp();
        await server.StopAsync();
        await Task.Delay(s_outage);
        await server.StartAsync();
        Outage = Stopwatch.GetElapsedTime(started);
    }

    private async Task<int> AnyAsync()
    {
        int[] holders;
        while ((holders = [.. Holders()]).Length == 0)
            await Task.Delay(s_look);
        return holders[_random.Next(holders.Length)];
    }

    // While the database is away nobody can tell: then it may be any of them.
    private IEnumerable<int> Holders()
    {
        try
        {
            return index.Holders().OrderBy(h => h.Owner, StringComparer.Ordinal).Select(h => Workers.Named(state, h.Owner, h.Since))
                .OfType<int>().Distinct();
        }
        catch (DbException)
        {
            return Workers.Alive(state);
        }
    }
}
