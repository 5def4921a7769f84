using Microsoft.Azure.Functions.Worker.Hosting.Invocation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Hosting.Timers;

/// <summary>Runs one timer function: one run at a time; times that pass during a run are made up for by one late run.</summary>
internal sealed class TimerListener(FunctionEntry function, ISchedule schedule, bool runOnStartup, FunctionInvoker invoker, TimeProvider time, ILogger<TimerListener> logger) : BackgroundService
{
    // As in Functions: up to here a run counts as in time.
    static readonly TimeSpan s_late = TimeSpan.FromSeconds(1);

    // Timers of the platform take no more than 49 days.
    static readonly TimeSpan s_longestSleep = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        DateTime last = default, next = schedule.Next(Now);
        if (runOnStartup) await RunAsync(last, next, isPastDue: false, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            // One look at the clock for both: on a busy machine it may pass the time between two.
            for (TimeSpan left = next - Now; left > TimeSpan.Zero && !stoppingToken.IsCancellationRequested; left = next - Now)
                await Task.Delay(left < s_longestSleep ? left : s_longestSleep, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
            DateTime due = next, started = Now;
            next = schedule.Next(due);
            // Of several times that passed only the last is made up for.
            if (next < started) next = schedule.Next(started);
            await RunAsync(last, next, started - due > s_late, stoppingToken);
            last = due;
        }
    }

    DateTime Now => time.GetUtcNow().UtcDateTime;

    async Task RunAsync(DateTime last, DateTime next, bool isPastDue, CancellationToken stopping)
    {
        var info = new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = new ScheduleStatus { Last = last, Next = next, LastUpdated = Now } };
        try
        {
            await invoker.InvokeAsync(function, new Trigger(_ => info, []), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            logger.LogError(e, "Function '{Function}' failed; it runs again at {Next:O}", function.Name, next);
        }
    }
}
