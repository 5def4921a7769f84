using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Webhooks and their deliveries. A delivery is entered in the transaction that moves the job, for each webhook that there is then; an
/// attempt is claimed by one caller at a time.
/// </summary>
public interface IWebhookIndex
{
    /// <summary>Makes a webhook.</summary>
    Task AddAsync(WebhookRow webhook, CancellationToken cancellationToken = default);

    /// <summary>A webhook, or null.</summary>
    Task<WebhookRow?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>All webhooks, the oldest first.</summary>
    Task<IReadOnlyList<WebhookRow>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a webhook with its deliveries; false: there is none.</summary>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>A page of a webhook's deliveries, the newest first.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="state">In this state only, or null: any.</param>
    /// <param name="before">The last id of the page before, or null.</param>
    /// <param name="limit">The most of the page.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<DeliveryRow>> DeliveriesAsync(
        string webhook, DeliveryState? state, string? before, int limit, CancellationToken cancellationToken = default);

    /// <summary>Has a delivery sent again, under its id and with its body, whatever became of it; false: there is none.</summary>
    Task<bool> RepeatAsync(string webhook, string delivery, CancellationToken cancellationToken = default);

    /// <summary>The ids of deliveries whose next attempt is due, the oldest first.</summary>
    Task<IReadOnlyList<string>> DueAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Claims an attempt at a delivery for a time; null: it isn't due, or another has it. What the first attempt is to send is made by
    /// then.
    /// </summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="lease">For how long nobody else takes it.</param>
    /// <param name="body">Makes the body, of the delivery and its job.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<DeliveryRow?> ClaimAsync(string delivery, TimeSpan lease, Func<DeliveryRow, JobRow, string> body,
        CancellationToken cancellationToken = default);

    /// <summary>Ends an attempt that is still the newest.</summary>
    /// <param name="delivery">The delivery as it was claimed.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> EndAsync(DeliveryRow delivery, AttemptEnd end, CancellationToken cancellationToken = default);
}

/// <summary>A webhook as the index keeps it.</summary>
public sealed record WebhookRow
{
    /// <summary>Its id: <c>wh_</c> and a time-ordered GUID.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is.</summary>
    public required string Url { get; init; }

    /// <summary>What it is told.</summary>
    public WebhookEvents Events { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Something that a webhook is told.</summary>
public sealed record DeliveryRow
{
    /// <summary>Its id: <c>msg_</c> and a time-ordered GUID.</summary>
    public required string Id { get; init; }

    /// <summary>The webhook.</summary>
    public required string WebhookId { get; init; }

    /// <summary>Where that is.</summary>
    public string Url { get; init; } = "";

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The state that it came to.</summary>
    public JobState JobState { get; init; }

    /// <summary>When it did.</summary>
    public DateTimeOffset HappenedAt { get; init; }

    /// <summary>Whether it was delivered.</summary>
    public DeliveryState State { get; init; }

    /// <summary>What is sent; null until the first attempt.</summary>
    public string? Body { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>It isn't tried again after this.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>When it was delivered, or null.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>The last answer's status, or null.</summary>
    public int? Status { get; init; }

    /// <summary>Why the last attempt failed, or null.</summary>
    public string? Error { get; init; }
}

/// <summary>How an attempt ended.</summary>
/// <param name="State">The delivery's state by it.</param>
/// <param name="Status">The answer's status, or null.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Again">When the next attempt is due, where it is pending.</param>
public sealed record AttemptEnd(DeliveryState State, int? Status, string? Error, DateTimeOffset? Again = null);
