using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>A file of the OpenAI-shaped door as the index keeps it.</summary>
public sealed record FileRow
{
    internal const string Select = """
        select f.id as Id, f.tenant as Tenant, f.name as Name, f.purpose as Purpose, f.path as Path, f.bytes as Bytes,
               f.created_at as CreatedAt, f.expires_at as ExpiresAt
        from files f
        """;

    /// <summary>Its id, <c>file-</c> and a time-ordered GUID.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The name that it was uploaded under.</summary>
    public required string Name { get; init; }

    /// <summary><c>batch</c> or <c>batch_output</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Where it lies under the storage root.</summary>
    public required string Path { get; init; }

    /// <summary>Its length.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is deleted, or null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A batch as the index keeps it; names follow the columns.</summary>
public sealed record BatchRow
{
    internal const string Select = """
        select b.id as Id, b.tenant as Tenant, b.endpoint as Endpoint, b.input_file as InputFile, b.time_window as TimeWindow,
               b.output_seconds as OutputSeconds, b.metadata as MetadataJson, b.status as StatusName, b.outcome as OutcomeName,
               b.model as Model, b.job_id as JobId, b.errors as ErrorsJson, b.total as Total, b.rejected as Rejected, b.answers as Answers,
               b.completed as Completed, b.failed as Failed, b.prompt_tokens as PromptTokens, b.completion_tokens as CompletionTokens,
               b.output_file as OutputFile, b.error_file as ErrorFile, b.created_at as CreatedAt, b.expires_at as ExpiresAt,
               b.in_progress_at as InProgressAt, b.finalizing_at as FinalizingAt, b.cancelling_at as CancellingAt,
               b.finished_at as FinishedAt
        from batches b
        """;

    static readonly Dictionary<string, BatchStatus> s_statuses = Enum.GetValues<BatchStatus>()
        .ToDictionary(s => s.Name(), StringComparer.Ordinal);

    /// <summary>Its id, <c>batch_</c> and a time-ordered GUID.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>What each of its requests asks, such as <c>/v1/chat/completions</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The file of requests.</summary>
    public required string InputFile { get; init; }

    /// <summary>How long it may take, as it was asked for.</summary>
    public required string TimeWindow { get; init; }

    /// <summary>How many seconds its files are kept, or null: for ever.</summary>
    public long? OutputSeconds { get; init; }

    /// <summary>The caller's own words about it; null where there are none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata
    {
        get => MetadataJson is null ? null : IndexJson.Read<Dictionary<string, string>>(MetadataJson);
        init => MetadataJson = value is null ? null : IndexJson.Write(value);
    }

    /// <summary>Its status.</summary>
    public BatchStatus Status => s_statuses[StatusName];

    /// <summary>The status that follows finalizing, once that has begun.</summary>
    public BatchStatus? Outcome => OutcomeName is null ? null : s_statuses[OutcomeName];

    /// <summary>The one model that all requests name, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The job or pipeline that answers, or null.</summary>
    public string? JobId { get; init; }

    /// <summary>Why it failed.</summary>
    public IReadOnlyList<BatchErrorItem> Errors => ErrorsJson is null ? [] : IndexJson.Read<List<BatchErrorItem>>(ErrorsJson);

    /// <summary>Its requests; 0 until it was checked.</summary>
    public long Total { get; init; }

    /// <summary>Requests that were refused before any work.</summary>
    public long Rejected { get; init; }

    /// <summary>Results that the others ask for; more than one each where they ask for several choices.</summary>
    public long Answers { get; init; }

    /// <summary>Requests that were answered; known once it has ended.</summary>
    public long Completed { get; init; }

    /// <summary>Requests that weren't; known once it has ended.</summary>
    public long Failed { get; init; }

    /// <summary>Tokens of the prompts that were answered; known once it has ended.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of the answers; known once it has ended.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>The file of answers, or null.</summary>
    public string? OutputFile { get; init; }

    /// <summary>The file of the other requests, or null.</summary>
    public string? ErrorFile { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When what isn't finished of it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was checked, or null.</summary>
    public DateTimeOffset? InProgressAt { get; init; }

    /// <summary>When the writing of its files began, or null.</summary>
    public DateTimeOffset? FinalizingAt { get; init; }

    /// <summary>When it was asked to stop, or null.</summary>
    public DateTimeOffset? CancellingAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    internal string StatusName { get; init; } = BatchStatus.Validating.Name();

    internal string? OutcomeName { get; init; }

    internal string? MetadataJson { get; init; }

    internal string? ErrorsJson { get; init; }
}
