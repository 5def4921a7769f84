using DiffusionBatch.LocalHost.Protocol;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Workers;

/// <summary>
/// Keeps one worker running: starts it again when it dies, after a pause that doubles from death to death up to a limit
/// and is short again for one that served a while. An app that fails to start several times in a row is given up.
/// </summary>
internal sealed partial class WorkerKeeper : IAsyncDisposable
{
    // How often in a row a start may fail.
    const int MostFailures = 5;

    static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250), s_longest = TimeSpan.FromSeconds(30),
        s_steady = TimeSpan.FromSeconds(1);

    readonly WorkerStart _start;
    readonly RpcServer _server;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly CancellationTokenSource _stop = new();
    readonly TaskCompletionSource<string> _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _keeping;
    volatile TaskCompletionSource<Worker> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Keeps a worker that serves.</summary>
    public WorkerKeeper(WorkerStart start, RpcServer server, Worker first, TimeProvider time, ILogger logger)
    {
        (_start, _server, _time, _logger) = (start, server, time, logger);
        _serving.SetResult(first);
        _keeping = KeepAsync(first);
    }

    /// <summary>Completed, with why, once it is given up.</summary>
    public Task<string> GivenUp => _givenUp.Task;

    /// <summary>The worker that serves; while there is none, the one to come.</summary>
    public Task<Worker> ServingAsync(CancellationToken cancellationToken) =>
        _serving.Task is { IsCompletedSuccessfully: true } serving ? serving : _serving.Task.WaitAsync(cancellationToken);

    /// <summary>The worker that serves, or null.</summary>
    public Worker? Serving => _serving.Task is { IsCompletedSuccessfully: true } serving ? serving.Result : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        _stop.Dispose();
    }

    async Task KeepAsync(Worker worker)
    {
        TimeSpan pause = s_first;
        while (true)
        {
            long since = _time.GetTimestamp();
            await Task.WhenAny(worker.Gone, Task.Delay(Timeout.Infinite, _stop.Token));
            if (_stop.IsCancellationRequested) break;
            _serving = new TaskCompletionSource<Worker>(TaskCreationOptions.RunContinuationsAsynchronously);
            int code = await worker.EndAsync();
            await worker.DisposeAsync();
            if (_time.GetElapsedTime(since) > s_steady) pause = s_first;
            LogDied(code, pause.TotalSeconds);
            if (await AgainAsync(pause) is not { } next) return;
            worker = next;
            pause = Longer(pause);
            _serving.SetResult(worker);
        }
        await worker.DisposeAsync();
    }

    // The next worker; null where none is wanted any more, or none can be had.
    async Task<Worker?> AgainAsync(TimeSpan pause)
    {
        for (int failures = 0; ; pause = Longer(pause))
        {
            await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested) return null;
            try
            {
                return await Worker.StartAsync(_start, _server, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (FunctionsHostException e)
            {
                if (!e.IsKilled && ++failures == MostFailures)
                {
                    LogGivenUp(failures, e.Message);
                    _serving.SetException(e);
                    _givenUp.SetResult(e.Message);
                    return null;
                }
                LogFailed(Longer(pause).TotalSeconds, e.Message);
            }
        }
    }

    static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_longest ? pause * 2 : s_longest;

    [LoggerMessage(1, LogLevel.Error, "The worker process ended with code {Code}; it is started again in {Seconds} s")]
    partial void LogDied(int code, double seconds);

    [LoggerMessage(2, LogLevel.Error, "The worker process can't be started; the next try is in {Seconds} s. {Why}")]
    partial void LogFailed(double seconds, string why);

    [LoggerMessage(3, LogLevel.Critical, "The worker process couldn't be started {Count} times in a row and is given up. {Why}")]
    partial void LogGivenUp(int count, string why);
}
