using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// A task that is ours: its message and its claim, both renewed until it is ended one way or another. Whoever holds it asks
/// <see cref="Ended"/> now and then, and ends it exactly once.
/// </summary>
internal sealed class TaskClaim : IAsyncDisposable
{
    readonly ITaskIndex _index;
    readonly IWorkQueue _queue;
    readonly WorkMessage _message;
    readonly MessageHeartbeat _heartbeat;
    readonly CancellationTokenSource _ended = new();
    readonly TimeSpan _lease;
    readonly Action<TaskRow, TaskProgress> _observer;
    volatile TaskProgressRow? _progress;
    volatile bool _stopped;
    int _disposed;

    TaskClaim(ITaskIndex index, IWorkQueue queue, WorkMessage message, TaskRow task, TaskSpan span, WorkerOptions options,
        TimeProvider time)
    {
        (_index, _queue, _message, _lease, _observer, Task, Span) = (index, queue, message, options.Lease, options.Observer, task, span);
        _heartbeat = MessageHeartbeat.Start(queue, message, _lease, time, RenewAsync);
        _heartbeat.Lost.Register(_ended.Cancel);
    }

    /// <summary>The task; its attempt is the fencing token.</summary>
    public TaskRow Task { get; }

    /// <summary>The attempt in its job's trace.</summary>
    public TaskSpan Span { get; }

    /// <summary>Cancelled once the work must stop: the task is another's, or its job was stopped.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Whether the task was ended by its job's being stopped; it is still ours to release.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Begins to renew.</summary>
    public static TaskClaim Start(ITaskIndex index, IWorkQueue queue, WorkMessage message, TaskRow task, TaskSpan span,
        WorkerOptions options, TimeProvider time) =>
        new(index, queue, message, task, span, options, time);

    /// <summary>Says how far the work is; the next heartbeat tells it. A note alone doesn't move the count.</summary>
    public void Report(TaskProgress progress)
    {
        _observer(Task, progress);
        if (progress.Done >= 0) _progress = TaskProgressRow.Of(progress);
    }

    /// <summary>
    /// Tells the index at once how far the work is, without waiting for the next heartbeat, which finds out where the task is lost.
    /// </summary>
    public Task TellAsync(CancellationToken cancellationToken) => RenewAsync(cancellationToken);

    /// <summary>Deletes the message: the task is done with.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken) => _queue.DeleteAsync(_message, cancellationToken);

    /// <summary>Lets the task go and makes its message visible after the release's delay.</summary>
    /// <returns>False: fenced off; the message is the other's.</returns>
    public async Task<bool> ReleaseAsync(TaskRelease release, CancellationToken cancellationToken)
    {
        // A heartbeat that came after would hide the message again.
        await StopAsync();
        if (!await _index.ReleaseAsync(Task.Key, Task.Attempt, release, cancellationToken))
        {
            Span.End(TaskSpan.Fenced);
            return false;
        }
        Span.End(EnumText.Of(release.Kind));
        if (release.Kind == ReleaseKind.Stopped) await _queue.DeleteAsync(_message, cancellationToken);
        else await _queue.RenewAsync(_message, release.Delay, cancellationToken);
        return true;
    }

    /// <summary>Stops renewing. Whoever knows how the attempt ended has said so to its span before.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Span.End(TaskSpan.Fenced);
    }

    async ValueTask StopAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) await _heartbeat.DisposeAsync();
    }

    async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        // A database that is away must not keep the message from its next renewal.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_lease / 3);
        try
        {
            switch (await _index.RenewAsync(Task.Key, Task.Attempt, _lease, _progress, limit.Token))
            {
                case RenewOutcome.Lost:
                    return false;
                case RenewOutcome.Stop:
                    _stopped = true;
                    await _ended.CancelAsync();
                    return true;
                default:
                    return true;
            }
        }
        catch (IndexUnavailableException)
        {
            // While it is away nobody can take the task; a later heartbeat finds out.
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }
}
