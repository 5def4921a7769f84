namespace DiffusionBatch.Pipeline.Storage.Queues;

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
    public WorkMessage(string id, string body, long deliveries, string receipt) => (Id, Body, Deliveries, Receipt) = (id, body, deliveries, receipt);

    /// <summary>Its id in the queue.</summary>
    public string Id { get; }

    /// <summary>Its text.</summary>
    public string Body { get; }

    /// <summary>How often it was received, this time included.</summary>
    public long Deliveries { get; }

    /// <summary>The newest receipt: only its holder may renew or delete.</summary>
    internal string Receipt { get; set; }

    /// <summary>Held by whoever uses the receipt, since each renewal replaces it.</summary>
    internal SemaphoreSlim Gate { get; } = new(1, 1);
}
