using System.Globalization;
using System.Text;

namespace DiffusionBatch.Pipeline.Storage.Queues;

/// <summary>A queue inside the process, with the service's rules: for tests, and for runs that need no service.</summary>
public sealed class MemoryWorkQueue(TimeProvider time) : IWorkQueue
{
    readonly Lock _lock = new();
    readonly LinkedList<Entry> _entries = [];
    long _last;

    /// <summary>Called for each look; for tests.</summary>
    internal Action Looked { get; init; } = static () => { };

    sealed class Entry(string id, string body)
    {
        public string Id { get; } = id;

        public string Body { get; } = body;

        public DateTimeOffset Sent { get; init; }

        public DateTimeOffset VisibleAt { get; set; }

        public long Deliveries { get; set; }

        public string? Receipt { get; set; }
    }

    /// <inheritdoc/>
    public Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken)
    {
        QueueLimits.DemandBody(body);
        QueueLimits.DemandDelay(delay);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock) _entries.AddLast(new Entry(Next(), body) { Sent = time.GetUtcNow(), VisibleAt = time.GetUtcNow() + delay });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkMessage>> ReceiveAsync(int count, TimeSpan invisibility, CancellationToken cancellationToken)
    {
        QueueLimits.DemandCount(count);
        QueueLimits.DemandInvisibility(invisibility);
        cancellationToken.ThrowIfCancellationRequested();
        Looked();
        DateTimeOffset now = time.GetUtcNow();
        var received = new List<WorkMessage>();
        lock (_lock)
        {
            foreach (Entry entry in _entries)
            {
                if (received.Count == count) break;
                if (entry.VisibleAt > now) continue;
                entry.VisibleAt = now + invisibility;
                entry.Deliveries++;
                received.Add(new WorkMessage(entry.Id, entry.Body, entry.Deliveries, entry.Receipt = Next(), entry.Sent));
            }
        }
        return Task.FromResult<IReadOnlyList<WorkMessage>>(received);
    }

    /// <inheritdoc/>
    public Task<bool> RenewAsync(WorkMessage message, TimeSpan invisibility, CancellationToken cancellationToken)
    {
        QueueLimits.DemandDelay(invisibility);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (Held(message) is not { } node) return Task.FromResult(false);
            node.Value.VisibleAt = time.GetUtcNow() + invisibility;
            message.Receipt = node.Value.Receipt = Next();
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (Held(message) is not { } node) return Task.FromResult(false);
            _entries.Remove(node);
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult((long)_entries.Count);
    }

    LinkedListNode<Entry>? Held(WorkMessage message)
    {
        for (LinkedListNode<Entry>? node = _entries.First; node is not null; node = node.Next)
            if (node.Value.Id == message.Id) return node.Value.Receipt == message.Receipt ? node : null;
        return null;
    }

    string Next() => (++_last).ToString(CultureInfo.InvariantCulture);
}
