namespace DiffusionBatch.Pipeline.Storage.Queues;

/// <summary>
/// Keeps a message ours while its work goes on: renews it at each third of its invisibility. Once it is gone, or
/// couldn't be renewed until it lapsed, <see cref="Lost"/> is cancelled and the work must stop.
/// </summary>
public sealed class MessageHeartbeat : IAsyncDisposable
{
    readonly CancellationTokenSource _lost = new(), _stop = new();
    readonly Task _beating;

    MessageHeartbeat(IWorkQueue queue, WorkMessage message, TimeSpan invisibility, TimeProvider time,
        Func<CancellationToken, Task<bool>> also) =>
        _beating = BeatAsync(queue, message, invisibility, time, also);

    /// <summary>Cancelled once the message isn't ours any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Begins to beat.</summary>
    /// <param name="queue">The message's queue.</param>
    /// <param name="message">What was just received.</param>
    /// <param name="invisibility">What it was received with, and is renewed by.</param>
    /// <param name="time">The clock.</param>
    /// <param name="also">What else each beat renews, after the message: the claim. False: it is lost.</param>
    public static MessageHeartbeat Start(IWorkQueue queue, WorkMessage message, TimeSpan invisibility, TimeProvider time,
        Func<CancellationToken, Task<bool>>? also = null) =>
        new(queue, message, invisibility, time, also ?? (_ => Task.FromResult(true)));

    /// <summary>Stops beating; the message stays invisible until its time is over, unless it is deleted or given back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
        _lost.Dispose();
    }

    async Task BeatAsync(IWorkQueue queue, WorkMessage message, TimeSpan invisibility, TimeProvider time,
        Func<CancellationToken, Task<bool>> also)
    {
        DateTimeOffset end = time.GetUtcNow() + invisibility;
        try
        {
            while (true)
            {
                await Task.Delay(invisibility / 3, time, _stop.Token);
                DateTimeOffset before = time.GetUtcNow();
                bool held;
                try
                {
                    held = await queue.RenewAsync(message, invisibility, _stop.Token) && await also(_stop.Token);
                    if (held) end = before + invisibility;
                }
                catch (StorageException e) when (e.Failure == StorageFailure.Unavailable)
                {
                    // Still ours until it lapses; the next beat tries again.
                    held = time.GetUtcNow() < end;
                }
                if (held) continue;
                await _lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The work is done.
        }
    }
}
