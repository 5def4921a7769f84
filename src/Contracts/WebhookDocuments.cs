using System.Text.Json.Serialization;

namespace DiffusionBatch.Contracts;

/// <summary>A webhook as a client hands it in.</summary>
/// <param name="Url">Where it is, by http or https.</param>
public sealed record WebhookBody(string Url)
{
    /// <summary>What it is told; end by default.</summary>
    public WebhookEvents? Events { get; init; }
}

/// <summary>What a webhook is told.</summary>
[JsonConverter(typeof(CamelCase<WebhookEvents>))]
public enum WebhookEvents
{
    /// <summary>Each end of a job.</summary>
    End,

    /// <summary>Each state that a job comes to.</summary>
    State,
}

/// <summary>A webhook as the API tells it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Events">What it is told.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record WebhookView(string Id, string Url, WebhookEvents Events, DateTimeOffset CreatedAt)
{
    /// <summary>The secret that its deliveries are signed with, <c>whsec_...</c>; told once, when it is made.</summary>
    public string? Secret { get; init; }
}

/// <summary>All webhooks, the oldest first.</summary>
/// <param name="Webhooks">The webhooks.</param>
public sealed record WebhookListView(IReadOnlyList<WebhookView> Webhooks);

/// <summary>A page of a webhook's deliveries, the newest first.</summary>
/// <param name="Deliveries">The deliveries.</param>
/// <param name="Next">The cursor of the next page; absent at the end.</param>
public sealed record DeliveryListView(IReadOnlyList<DeliveryView> Deliveries, string? Next);

/// <summary>Something that a webhook is told.</summary>
/// <param name="Id">Its id: the header <c>webhook-id</c>.</param>
/// <param name="Type">What it tells: <c>job.completed</c> and the like.</param>
/// <param name="Job">The job's id.</param>
/// <param name="State">Whether it was delivered.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="HappenedAt">When what it tells of happened.</param>
public sealed record DeliveryView(string Id, string Type, string Job, DeliveryState State, int Attempts, DateTimeOffset HappenedAt)
{
    /// <summary>When it was delivered.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The last answer's status.</summary>
    public int? Status { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }
}

/// <summary>Whether something was delivered.</summary>
[JsonConverter(typeof(CamelCase<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>It is tried, or tried again.</summary>
    Pending,

    /// <summary>It was taken.</summary>
    Delivered,

    /// <summary>It was tried for a day in vain.</summary>
    Failed,
}

/// <summary>What a webhook is sent (Standard Webhooks).</summary>
/// <param name="Type">What happened: <c>job.</c> and the state that a job came to.</param>
/// <param name="Timestamp">When it did.</param>
/// <param name="Data">The job then.</param>
public sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, WebhookJob Data);

/// <summary>A job as webhooks are told of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="State">The state that it came to.</param>
public sealed record WebhookJob(string Id, string Name, JobKind Kind, JobState State)
{
    /// <summary>Its output folder.</summary>
    public string? Output { get; init; }

    /// <summary>The pipeline that it is part of.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The schedule that it is a run of.</summary>
    public string? Schedule { get; init; }

    /// <summary>The time of that run.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Its items, as far as they are known.</summary>
    public ItemsView? Items { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }
}
