using Azure.Storage.Blobs;
using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Protocol;
using DiffusionBatch.LocalHost.Queues;
using DiffusionBatch.LocalHost.Timers;
using DiffusionBatch.LocalHost.Workers;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost;

/// <summary>
/// What starts functions, requests left out: timers, queues, and an administrator by hand. Disabled functions start by hand alone.
/// </summary>
internal sealed partial class Listeners : IAsyncDisposable
{
    const string Storage = "AzureWebJobsStorage", HostId = "AzureFunctionsWebHost:hostid", StandardHostId = "local";

    static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(300);

    readonly List<Func<CancellationToken, Task>> _listening = [];
    readonly Dictionary<string, Func<string, CancellationToken, Task>> _byHand = new(StringComparer.OrdinalIgnoreCase);
    readonly List<Task> _running = [];
    readonly CancellationTokenSource _stop = new();
    readonly Nudge _nudge = new();
    readonly ILogger _logger;

    /// <summary>Makes them; nothing listens yet.</summary>
    /// <param name="functions">All functions.</param>
    /// <param name="settings">The app's settings.</param>
    /// <param name="host">The app's host.json.</param>
    /// <param name="invoker">Runs functions.</param>
    /// <param name="time">The clock.</param>
    /// <param name="invisibility">How long a message is the host's without renewal.</param>
    /// <param name="logs">Takes failures.</param>
    /// <exception cref="FunctionsHostException">A trigger's settings are missing or wrong.</exception>
    public Listeners(
        IEnumerable<FunctionEntry> functions, AppSettings settings, HostFile host, Invoker invoker, TimeProvider time,
        TimeSpan invisibility, ILoggerFactory logs)
    {
        _logger = logs.CreateLogger("Host.Triggers");
        foreach (FunctionEntry function in functions)
        {
            switch (function.Trigger)
            {
                case TimerTrigger trigger:
                    // A disabled function's settings are read when it is started, not before: they may be missing.
                    _byHand[function.Name] = (_, stopping) =>
                        Timer(function, trigger, settings, invoker, time, _logger).RunByHandAsync(stopping);
                    if (!function.IsDisabled) _listening.Add(Timer(function, trigger, settings, invoker, time, _logger).ListenAsync);
                    break;
                case QueueTrigger trigger:
                    _byHand[function.Name] = (body, stopping) => invoker.RunAsync(
                        function, new TypedData { String = body }, [new("QueueTrigger", new TypedData { String = body })], stopping);
                    if (!function.IsDisabled)
                        _listening.Add(
                            new QueueListener(function, QueueConnection.Open(trigger, settings, function.Name), host.Queues, invisibility,
                                _nudge, invoker, time, _logger).ListenAsync);
                    break;
            }
        }
    }

    /// <summary>Starts listening.</summary>
    public void Start()
    {
        foreach (Func<CancellationToken, Task> listen in _listening) Run(() => ListenAsync(listen));
    }

    /// <summary>Looks into all queues at once.</summary>
    public void LookAtQueues() => _nudge.Give();

    /// <summary>Starts a function by hand and doesn't wait for it; false where there is none that can be started so.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="input">What a queue's message would be; timers take none.</param>
    public bool StartByHand(string function, string input)
    {
        if (!_byHand.TryGetValue(function, out Func<string, CancellationToken, Task>? run)) return false;
        Run(async () =>
        {
            try
            {
                await run(input, _stop.Token);
            }
            catch (Exception e) when (e is FunctionFailedException or FunctionsHostException or OperationCanceledException)
            {
                LogFailed(function, e);
            }
        });
        return true;
    }

    /// <summary>Stops listening and asks what runs to end; completed once all has ended.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_running) running = [.. _running];
        await Task.WhenAll(running);
    }

    /// <summary>Stops; what isn't settled in time (the storage may be away) is left as it is, and its messages come again.</summary>
    public async ValueTask DisposeAsync()
    {
        Task stopped = StopAsync();
        if (await Task.WhenAny(stopped, Task.Delay(s_grace)) == stopped) _stop.Dispose();
    }

    void Run(Func<Task> run)
    {
        lock (_running)
        {
            _running.RemoveAll(t => t.IsCompletedSuccessfully);
            _running.Add(Task.Run(run));
        }
    }

    // A listener ends with the host alone; one that fails would leave its function unstarted without a word.
    async Task ListenAsync(Func<CancellationToken, Task> listen)
    {
        try
        {
            await listen(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            LogBroken(e);
        }
    }

    static TimerListener Timer(
        FunctionEntry function, TimerTrigger trigger, AppSettings settings, Invoker invoker, TimeProvider time, ILogger logger)
    {
        TimerSchedule schedule = TimerSchedule.Parse(trigger.Schedule, settings, function.Name);
        bool recorded = trigger.UseMonitor != false && !schedule.IsFrequent(time.GetUtcNow().UtcDateTime);
        BlobClient? record = null;
        if (recorded && settings[Storage] is { } connection)
        {
            try
            {
                record = TimerRecord.Blob(connection, settings[HostId] ?? StandardHostId, function.Name);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw new FunctionsHostException($"The setting {Storage} is no storage connection string: {e.Message}", e);
            }
        }
        return new TimerListener(function, schedule, trigger.RunOnStartup, record, invoker, time, logger);
    }

    [LoggerMessage(1, LogLevel.Critical, "A trigger's listener failed and listens no more")]
    partial void LogBroken(Exception failure);

    [LoggerMessage(2, LogLevel.Error, "Function '{Function}', started by hand, failed")]
    partial void LogFailed(string function, Exception failure);
}
