using System.Text;

namespace DiffusionBatch.Pipeline.Storage.Queues;

/// <summary>
/// A queue that delivers each message at least once, in no particular order. A received message is invisible to others
/// for a while and comes back unless it is deleted. That a message is gone (deleted, or delivered to someone else since)
/// is a normal outcome. Every backend passes the same compliance suite.
/// </summary>
public interface IWorkQueue
{
    /// <summary>The longest body, in UTF-8 bytes, that every backend takes.</summary>
    const int MaxBodyBytes = 48 * 1024;

    /// <summary>Sends a message that never expires. A failed call may have sent it: receivers must bear doubles.</summary>
    /// <param name="body">Its text, at most <see cref="MaxBodyBytes"/>.</param>
    /// <param name="delay">How long it stays invisible at first.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Receives what is visible now, at most <paramref name="count"/> (1 to 32) messages; doesn't wait.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="invisibility">For how long they are ours: 1 second to 7 days.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<WorkMessage>> ReceiveAsync(int count, TimeSpan invisibility, CancellationToken cancellationToken);

    /// <summary>Keeps a message for longer, or gives it back (zero: at once; else after that time). False: it is gone.</summary>
    Task<bool> RenewAsync(WorkMessage message, TimeSpan invisibility, CancellationToken cancellationToken);

    /// <summary>Deletes a message that is done with. False: it was gone already.</summary>
    Task<bool> DeleteAsync(WorkMessage message, CancellationToken cancellationToken);

    /// <summary>About how many messages there are, invisible ones included.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);
}

/// <summary>
/// A message that was received: ours until its invisibility lapses. The queue keeps the newest receipt in it, so that
/// a renewal on one thread and the deletion on another never use a stale one.
/// </summary>
public sealed class WorkMessage
{
    /// <summary>A received message.</summary>
    /// <param name="id">Its id in the queue.</param>
    /// <param name="body">Its text.</param>
    /// <param name="deliveries">How often it was received, this time included: 1 at first.</param>
    /// <param name="receipt">The receipt of this delivery.</param>
    /// <param name="sent">When it was sent, or null: the queue doesn't say.</param>
    public WorkMessage(string id, string body, long deliveries, string receipt, DateTimeOffset? sent = null) =>
        (Id, Body, Deliveries, Receipt, Sent) = (id, body, deliveries, receipt, sent);

    /// <summary>Its id in the queue.</summary>
    public string Id { get; }

    /// <summary>Its text.</summary>
    public string Body { get; }

    /// <summary>How often it was received, this time included.</summary>
    public long Deliveries { get; }

    /// <summary>When it was sent, or null: the queue doesn't say.</summary>
    public DateTimeOffset? Sent { get; }

    /// <summary>The newest receipt: only its holder may renew or delete.</summary>
    internal string Receipt { get; set; }

    /// <summary>Held by whoever uses the receipt, since each renewal replaces it.</summary>
    internal SemaphoreSlim Gate { get; } = new(1, 1);
}

/// <summary>What Azure Storage Queues take; every backend refuses the rest alike.</summary>
internal static class QueueLimits
{
    static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    /// <summary>Refuses a body that is too long.</summary>
    public static void DemandBody(string body)
    {
        if (Encoding.UTF8.GetByteCount(body) > IWorkQueue.MaxBodyBytes)
            throw new ArgumentException($"A message takes at most {IWorkQueue.MaxBodyBytes} bytes; send a pointer to the rest.",
                nameof(body));
    }

    /// <summary>Refuses a number of messages that can't be received at once.</summary>
    public static void DemandCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32);
    }

    /// <summary>Refuses an invisibility that a received message can't have.</summary>
    public static void DemandInvisibility(TimeSpan invisibility)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(invisibility, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(invisibility, s_longest);
    }

    /// <summary>Refuses a delay that a message can't have.</summary>
    public static void DemandDelay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, s_longest);
    }
}
