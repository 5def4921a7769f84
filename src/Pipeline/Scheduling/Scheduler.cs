using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Scheduling;

/// <summary>
/// Starts the runs whose time has come. Any number of instances may do so at once, and any may die at it: a time is dealt with in one
/// transaction (<see cref="IScheduleIndex"/>), by whoever comes first.
/// </summary>
public sealed partial class Scheduler(
    IBlobStore store, IPipelineIndex index, Estimator estimator, JobService jobs, TimeProvider time, ILogger<Scheduler> log)
{
    /// <summary>A time that nobody dealt with for longer than this was missed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>The most missed runs of a schedule that are made up for.</summary>
    public const int MostMadeUp = 100;

    const string Passed = "Its time, or that of several from it on, passed while nothing was there to start runs.";

    /// <summary>Deals with all times that have come, and starts the runs that waited for their turn.</summary>
    /// <returns>How many runs were started here.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        int started = 0;
        foreach (ScheduleRow due in await index.Schedules.DueAsync(cancellationToken))
        {
            try
            {
                started += await TimesAsync(due, cancellationToken) + await WaitingAsync(due, cancellationToken);
            }
            catch (IOException e)
            {
                // Storage or index are away: the times stay, and the others' aren't held up.
                LogLater(due.Name, e);
            }
        }
        if (started > 0) await jobs.KickAsync(cancellationToken);
        return started;
    }

    async Task<int> TimesAsync(ScheduleRow due, CancellationToken cancellationToken)
    {
        int started = 0;
        DateTimeOffset now = time.GetUtcNow();
        IScheduleIndex schedules = Of(due.Tenant);
        for (ScheduleRow? row = due;
            row is { IsPaused: false, NextAt: { } at } && at <= now;
            row = await schedules.GetAsync(due.Name, cancellationToken))
        {
            var times = new CronTimes(row.Cron, row.TimeZone);
            DateTimeOffset? next = MadeUp(row, times, at, now - Grace);
            if (next != at)
                await schedules.PassAsync(row, new Tick(at, next), TickOutcome.Missed, Passed, cancellationToken);
            else if (await StartAsync(row, at, times.After(at), cancellationToken))
                started++;
        }
        return started;
    }

    // The first time from one on that is to have a run: of those that were missed, none, the last, or the last hundred.
    static DateTimeOffset? MadeUp(ScheduleRow row, CronTimes times, DateTimeOffset at, DateTimeOffset missedBefore)
    {
        if (at >= missedBefore) return at;
        DateTimeOffset? now = times.From(missedBefore);
        int most = row.Missed switch { ScheduleMissed.None => 0, ScheduleMissed.Last => 1, _ => MostMadeUp };
        var last = new Queue<DateTimeOffset>();
        foreach (DateTimeOffset missed in most == 0 ? [] : times.AllFrom(at).TakeWhile(t => t < missedBefore))
        {
            last.Enqueue(missed);
            if (last.Count > most) last.Dequeue();
        }
        return last.Count > 0 ? last.Peek() : now;
    }

    async Task<bool> StartAsync(ScheduleRow row, DateTimeOffset at, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        (Submission? run, IReadOnlyList<Problem> problems) = await MakeAsync(row, at, cancellationToken);
        if (run is null)
        {
            await RefuseAsync(row, new Tick(at, next), Problem.Sentence(problems), cancellationToken);
            return false;
        }
        return await StartedAsync(row, new Tick(at, next), Of(row.Tenant).StartAsync(row, new Tick(at, next), run, cancellationToken),
            cancellationToken);
    }

    async Task<int> WaitingAsync(ScheduleRow due, CancellationToken cancellationToken)
    {
        IScheduleIndex schedules = Of(due.Tenant);
        if (await schedules.WaitingAsync(due.Name, cancellationToken) is not { } at
            || await schedules.GetAsync(due.Name, cancellationToken) is not { } row)
            return 0;
        (Submission? run, IReadOnlyList<Problem> problems) = await MakeAsync(row, at, cancellationToken);
        if (run is not null)
            return await StartedAsync(row, new Tick(at, row.NextAt), schedules.StartWaitingAsync(row, at, run, cancellationToken),
                cancellationToken) ? 1 : 0;
        await RefuseAsync(row, new Tick(at, row.NextAt), Problem.Sentence(problems), cancellationToken);
        return 0;
    }

    async Task RefuseAsync(ScheduleRow row, Tick tick, string reason, CancellationToken cancellationToken)
    {
        if (await Of(row.Tenant).PassAsync(row, tick, TickOutcome.Refused, reason, cancellationToken))
            LogRefused(row.Name, tick.At, reason);
    }

    // A run reads its own tenant's files, and is entered among its own tenant's jobs.
    Task<(Submission? Run, IReadOnlyList<Problem> Problems)> MakeAsync(ScheduleRow row, DateTimeOffset at,
        CancellationToken cancellationToken) =>
        new ScheduleRuns(store.For(row.Tenant), index.Caches.For(row.Tenant), estimator.For(row.Tenant), time).MakeAsync(row, at,
            cancellationToken);

    IScheduleIndex Of(Tenant tenant) => index.For(tenant).Schedules;

    async Task<bool> StartedAsync(ScheduleRow row, Tick at, Task<TickRow?> start, CancellationToken cancellationToken)
    {
        TickRow? tick;
        try
        {
            tick = await start;
        }
        catch (QuotaExceededException e)
        {
            await RefuseAsync(row, at, e.Message, cancellationToken);
            return false;
        }
        if (tick is not { Outcome: TickOutcome.Submitted }) return false;
        LogStarted(row.Name, tick.ScheduledFor, tick.JobId!);
        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "The run of {Schedule} for {Time:u} is {Job}")]
    partial void LogStarted(string schedule, DateTimeOffset time, string job);

    [LoggerMessage(2, LogLevel.Warning, "{Schedule} has no run for {Time:u}: {Reason}")]
    partial void LogRefused(string schedule, DateTimeOffset time, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The runs of {Schedule} can't be started yet")]
    partial void LogLater(string schedule, Exception exception);
}
