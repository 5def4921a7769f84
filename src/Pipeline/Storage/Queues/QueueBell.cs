namespace DiffusionBatch.Pipeline.Storage.Queues;

/// <summary>
/// Tells the processes of one machine that a queue has a new message, so that they needn't ask the storage all the time: a file whose
/// changes are the rings. A ring is a hint. Who waits for one looks by itself too, though seldom, because messages also come from other
/// machines, or become visible when their time is over.
/// </summary>
/// <param name="file">The file; made with the first ring. Its folder exists.</param>
public sealed class QueueBell(string file) : IDisposable
{
    TaskCompletionSource _next = NewSource();
    FileSystemWatcher? _watcher;

    /// <summary>Called for each ring that is heard; several at once may be one.</summary>
    public event Action? Rung;

    /// <summary>Whether rings are heard here.</summary>
    internal bool Hears => _watcher is not null;

    /// <summary>
    /// Completed by the next ring. Ask before you look into the queue, and wait for it after: then no ring in between is lost.
    /// </summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Begins to listen. False: the system gives no watcher (it limits their number), and no ring is heard.</summary>
    public bool Listen()
    {
        if (_watcher is not null) return true;
        string full = Path.GetFullPath(file);
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(Path.GetDirectoryName(full)!,
                Path.GetFileName(full))
            { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName };
            watcher.Changed += (_, _) => Hear();
            watcher.Created += (_, _) => Hear();
            // It lost count: some of that may have been a ring.
            watcher.Error += (_, _) => Hear();
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or PlatformNotSupportedException)
        {
            watcher?.Dispose();
            return false;
        }
        _watcher = watcher;
        return true;
    }

    /// <summary>Rings. Where the file can't be written, nobody hears it.</summary>
    public void Ring()
    {
        try
        {
            using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);
            stream.WriteByte((byte)'!');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Those who wait look by themselves.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watcher?.Dispose();

    void Hear()
    {
        Interlocked.Exchange(ref _next, NewSource()).SetResult();
        Rung?.Invoke();
    }

    static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A queue that rings a bell for each message that becomes visible at once.</summary>
internal sealed class RingingWorkQueue(IWorkQueue queue, QueueBell bell) : IWorkQueue
{
    /// <inheritdoc/>
    public async Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken)
    {
        await queue.SendAsync(body, delay, cancellationToken);
        if (delay == TimeSpan.Zero) bell.Ring();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkMessage>> ReceiveAsync(int count, TimeSpan invisibility, CancellationToken cancellationToken) =>
        queue.ReceiveAsync(count, invisibility, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(WorkMessage message, TimeSpan invisibility, CancellationToken cancellationToken)
    {
        bool kept = await queue.RenewAsync(message, invisibility, cancellationToken);
        if (kept && invisibility == TimeSpan.Zero) bell.Ring();
        return kept;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(WorkMessage message, CancellationToken cancellationToken) =>
        queue.DeleteAsync(message, cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(CancellationToken cancellationToken) => queue.CountAsync(cancellationToken);
}
