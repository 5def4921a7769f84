using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Protocol;
using DiffusionBatch.LocalHost.Workers;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Timers;

/// <summary>
/// Runs one timer function: one run at a time; of the times that pass during a run, or while nothing ran, the last one is made up for.
/// </summary>
/// <param name="function">The function.</param>
/// <param name="schedule">When it runs.</param>
/// <param name="runOnStartup">Whether also at once.</param>
/// <param name="record">Keeps when it ran last; null: nothing does, and only times from the start on count.</param>
/// <param name="invoker">Runs it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes failures.</param>
internal sealed partial class TimerListener(
    FunctionEntry function, TimerSchedule schedule, bool runOnStartup, BlobClient? record, Invoker invoker, TimeProvider time,
    ILogger logger)
{
    // As in Functions: up to here a run counts as in time.
    static readonly TimeSpan s_late = TimeSpan.FromSeconds(1);

    // Timers of the platform take no more than 49 days.
    static readonly TimeSpan s_longestSleep = TimeSpan.FromDays(1);

    DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Runs the function by the clock until it is told to stop; completed once no run goes on.</summary>
    public async Task ListenAsync(CancellationToken stopping)
    {
        TimerRecord? before = await ReadAsync(stopping);
        DateTime now = Now, last = before?.Last ?? default;
        DateTime due = before is null ? schedule.Next(now) : schedule.Next(last == default ? before.LastUpdated : last);
        if (record is not null && before is null) await WriteAsync(last, due, stopping);
        if (runOnStartup && due > now)
        {
            await RunAsync(last, due, isPastDue: false, stopping);
            if (due <= Now) due = schedule.Next(Now);
        }
        while (true)
        {
            // One look at the clock for both: on a busy machine it may pass the time between two.
            for (TimeSpan left = due - Now; left > TimeSpan.Zero && !stopping.IsCancellationRequested; left = due - Now)
                await Task.Delay(left < s_longestSleep ? left : s_longestSleep, time, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested) return;
            DateTime started = Now, next = schedule.Next(due);
            if (next <= started) next = schedule.Next(started);
            await RunAsync(last, next, started - due > s_late, stopping);
            last = due;
            // What passed during the run is late by now.
            due = next;
            if (record is not null && !stopping.IsCancellationRequested) await WriteAsync(last, due, stopping);
        }
    }

    /// <summary>Runs the function once, because someone asks for it.</summary>
    public Task RunByHandAsync(CancellationToken stopping) => RunAsync(default, schedule.Next(Now), isPastDue: false, stopping);

    async Task RunAsync(DateTime last, DateTime next, bool isPastDue, CancellationToken stopping)
    {
        string info = JsonSerializer.Serialize(
            new
            {
                Schedule = new { AdjustForDST = true },
                ScheduleStatus = record is null ? null : new { Last = last, LastUpdated = Now, Next = next },
                IsPastDue = isPastDue
            });
        try
        {
            await invoker.RunAsync(
                function, new TypedData { Json = info }, [new("TimerTrigger", new TypedData { String = info })], stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e) when (e is FunctionFailedException or FunctionsHostException)
        {
            if (!stopping.IsCancellationRequested) LogFailed(function.Name, next, e);
        }
    }

    async Task<TimerRecord?> ReadAsync(CancellationToken stopping)
    {
        try
        {
            return record is null ? null : await TimerRecord.ReadAsync(record, stopping);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            LogNoRecord(function.Name, e.Message.Split('\n')[0]);
            return null;
        }
    }

    async Task WriteAsync(DateTime last, DateTime next, CancellationToken stopping)
    {
        try
        {
            await new TimerRecord(last, next, Now).WriteAsync(record!, stopping);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            LogNoRecord(function.Name, e.Message.Split('\n')[0]);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Function '{Function}' failed; it runs again at {Next:O}")]
    partial void LogFailed(string function, DateTime next, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "When function '{Function}' ran last can't be read or written; times that pass while nothing "
        + "runs aren't made up for. {Why}")]
    partial void LogNoRecord(string function, string why);
}
