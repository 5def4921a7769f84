using DiffusionBatch.LocalHost.Processes;

namespace DiffusionBatch.Cli.Local;

/// <summary>
/// Keeps a process running: starts it again when it dies, after a pause that grows each time and is short again once the process ran for a
/// while.
/// </summary>
internal sealed class Kept : IAsyncDisposable
{
    static readonly TimeSpan s_first = TimeSpan.FromSeconds(1), s_longest = TimeSpan.FromSeconds(30), s_steady = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _stop = new();
    readonly Task _keeping;

    /// <summary>Keeps a process.</summary>
    /// <param name="name">What notes call it.</param>
    /// <param name="first">The process as it runs now.</param>
    /// <param name="start">Starts it again.</param>
    /// <param name="note">Takes a note whenever it dies.</param>
    public Kept(string name, ChildProcess first, Func<Task<ChildProcess>> start, Action<string> note) =>
        _keeping = KeepAsync(name, first, start, note);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        _stop.Dispose();
    }

    async Task KeepAsync(string name, ChildProcess process, Func<Task<ChildProcess>> start, Action<string> note)
    {
        TimeSpan pause = s_first;
        while (true)
        {
            long since = Environment.TickCount64;
            await Task.WhenAny(process.Ended, Task.Delay(Timeout.Infinite, _stop.Token));
            if (_stop.IsCancellationRequested) break;
            int code = await process.Ended;
            await process.DisposeAsync();
            if (Environment.TickCount64 - since > s_steady.TotalMilliseconds) pause = s_first;
            note($"{name} ended with code {code}; it is started again in {pause.TotalSeconds:0} s");
            await Task.Delay(pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested) return;
            pause = pause * 2 < s_longest ? pause * 2 : s_longest;
            process = await start();
        }
        await process.DisposeAsync();
    }
}
