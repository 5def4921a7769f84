namespace DiffusionBatch.Contracts.OpenAi;

/// <summary>The body that creates a batch.</summary>
public sealed record BatchRequestBody
{
    /// <summary>The file of requests.</summary>
    public string? InputFileId { get; init; }

    /// <summary>What each of its lines asks.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How long it may take: a number with <c>m</c>, <c>h</c> or <c>d</c>, such as <c>24h</c>.</summary>
    public string? CompletionWindow { get; init; }

    /// <summary>The caller's own words about it.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>When its files are deleted.</summary>
    public ExpiryBody? OutputExpiresAfter { get; init; }
}

/// <summary>When a file is deleted.</summary>
/// <param name="Anchor"><c>created_at</c>.</param>
/// <param name="Seconds">Seconds after that, 3,600 to 2,592,000.</param>
public sealed record ExpiryBody(string? Anchor, long Seconds);

/// <summary>A batch of requests; times are seconds since 1970.</summary>
public sealed record BatchObject
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What it is.</summary>
    public string Object { get; } = "batch";

    /// <summary>What each line asks.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The model of its requests, where all have the same; known once it is checked.</summary>
    public string? Model { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public BatchErrors? Errors { get; init; }

    /// <summary>The file of requests.</summary>
    public required string InputFileId { get; init; }

    /// <summary>How long it may take.</summary>
    public required string CompletionWindow { get; init; }

    /// <summary>Where it is: <see cref="BatchStatus"/>'s names.</summary>
    public required string Status { get; init; }

    /// <summary>The file of answers, or null: there are none, or not yet.</summary>
    public string? OutputFileId { get; init; }

    /// <summary>The file of requests that weren't answered, or null.</summary>
    public string? ErrorFileId { get; init; }

    /// <summary>When it was accepted.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it was checked and its work began to wait for workers.</summary>
    public long? InProgressAt { get; init; }

    /// <summary>When what isn't finished of it ends.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>When the writing of its files began.</summary>
    public long? FinalizingAt { get; init; }

    /// <summary>When it was completed.</summary>
    public long? CompletedAt { get; init; }

    /// <summary>When it failed.</summary>
    public long? FailedAt { get; init; }

    /// <summary>When its time ran out.</summary>
    public long? ExpiredAt { get; init; }

    /// <summary>When it was asked to stop.</summary>
    public long? CancellingAt { get; init; }

    /// <summary>When it had stopped.</summary>
    public long? CancelledAt { get; init; }

    /// <summary>Its requests.</summary>
    public required RequestCounts RequestCounts { get; init; }

    /// <summary>Its tokens, once it has ended.</summary>
    public BatchUsage? Usage { get; init; }

    /// <summary>The caller's own words about it.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>A batch's requests.</summary>
/// <param name="Total">In all; 0 until they were counted.</param>
/// <param name="Completed">Answered so far.</param>
/// <param name="Failed">Refused or failed so far.</param>
public sealed record RequestCounts(long Total, long Completed, long Failed);

/// <summary>A batch's tokens.</summary>
/// <param name="InputTokens">Of its prompts.</param>
/// <param name="OutputTokens">Of its answers.</param>
/// <param name="TotalTokens">Of both.</param>
public sealed record BatchUsage(long InputTokens, long OutputTokens, long TotalTokens);

/// <summary>Why a batch failed.</summary>
/// <param name="Data">Each thing that is wrong.</param>
public sealed record BatchErrors(IReadOnlyList<BatchErrorItem> Data)
{
    /// <summary>What it is.</summary>
    public string Object { get; } = "list";
}

/// <summary>One thing that is wrong with a batch.</summary>
/// <param name="Code">A word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Param">The parameter that is meant, or null.</param>
/// <param name="Line">The line of the file, from 1, or null.</param>
public sealed record BatchErrorItem(string Code, string Message, string? Param, long? Line);

/// <summary>The statuses of a batch, by the names that the API uses in snake_case.</summary>
public enum BatchStatus
{
    /// <summary>Its file is being checked.</summary>
    Validating,

    /// <summary>Its file had errors, or its work failed as a whole.</summary>
    Failed,

    /// <summary>Its work is waiting or under way.</summary>
    InProgress,

    /// <summary>Its work is done; its files are being written.</summary>
    Finalizing,

    /// <summary>Its files are there.</summary>
    Completed,

    /// <summary>Its time ran out; what was finished is in its files.</summary>
    Expired,

    /// <summary>It is being stopped.</summary>
    Cancelling,

    /// <summary>It was stopped; what was finished is in its files.</summary>
    Cancelled,
}

/// <summary>The statuses' names.</summary>
public static class BatchStatuses
{
    /// <summary>The status's name, as in <c>in_progress</c>.</summary>
    public static string Name(this BatchStatus status) =>
        status == BatchStatus.InProgress ? "in_progress" : status.ToString().ToLowerInvariant();

    /// <summary>Whether nothing more happens to the batch.</summary>
    public static bool IsFinal(this BatchStatus status) =>
        status is BatchStatus.Failed or BatchStatus.Completed or BatchStatus.Expired or BatchStatus.Cancelled;
}
