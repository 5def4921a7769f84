using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Files and batches of the OpenAI-shaped door.</summary>
public interface IBatchIndex
{
    /// <summary>Enters a file.</summary>
    /// <exception cref="QuotaExceededException">Its tenant may not have so many bytes; it isn't entered.</exception>
    Task AddFileAsync(FileRow file, CancellationToken cancellationToken = default);

    /// <summary>A file, or null.</summary>
    Task<FileRow?> FileAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>A page of files.</summary>
    /// <param name="purpose">Of this purpose, or null: of any.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<RowPage<FileRow>> FilesAsync(string? purpose, PageRequest page, CancellationToken cancellationToken = default);

    /// <summary>Strikes a file off; false where there was none.</summary>
    Task<bool> RemoveFileAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The files whose time is over.</summary>
    Task<IReadOnlyList<FileRow>> ExpiredFilesAsync(CancellationToken cancellationToken = default);

    /// <summary>Enters a batch, <c>validating</c>.</summary>
    /// <exception cref="QuotaExceededException">Its tenant has as many items queued as it may; it isn't entered.</exception>
    Task<BatchRow> AddAsync(BatchRow batch, CancellationToken cancellationToken = default);

    /// <summary>A batch, or null.</summary>
    Task<BatchRow?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>A page of batches, the newest first.</summary>
    Task<RowPage<BatchRow>> ListAsync(PageRequest page, CancellationToken cancellationToken = default);

    /// <summary>The batches that haven't ended, the oldest first.</summary>
    Task<IReadOnlyList<BatchRow>> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// A batch was checked, and its job entered: <c>in_progress</c>, unless it is being cancelled. Returns it as it is now.
    /// </summary>
    Task<BatchRow> StartAsync(string id, BatchStart start, CancellationToken cancellationToken = default);

    /// <summary>Asks a batch to stop; null where there is none, and unchanged where it has ended or is ending.</summary>
    Task<BatchRow?> CancelAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Notes what a batch will have come to once its files are written; false where another did, or it has ended.</summary>
    Task<bool> FinalizeAsync(string id, BatchStatus outcome, CancellationToken cancellationToken = default);

    /// <summary>Ends a batch and enters its files; false where it had ended: nothing was changed.</summary>
    Task<bool> FinishAsync(string id, BatchEnd end, CancellationToken cancellationToken = default);
}

/// <summary>Which page of a list.</summary>
/// <param name="After">The id that it begins behind, or null: at the list's beginning.</param>
/// <param name="Limit">The most rows, at least 1.</param>
/// <param name="OldestFirst">The order.</param>
public sealed record PageRequest(string? After, int Limit, bool OldestFirst = false);

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Rows">The rows.</param>
/// <param name="HasMore">Whether others follow.</param>
public sealed record RowPage<T>(IReadOnlyList<T> Rows, bool HasMore);

/// <summary>What the check of a batch came to.</summary>
/// <param name="JobId">The job that answers, or null: no request can be answered.</param>
/// <param name="Model">The one model that all requests name, or null.</param>
/// <param name="Total">Requests.</param>
/// <param name="Rejected">Requests that were refused.</param>
/// <param name="Answers">Results that the others ask for.</param>
public sealed record BatchStart(string? JobId, string? Model, long Total, long Rejected, long Answers);

/// <summary>How a batch ended.</summary>
/// <param name="Status">A final status.</param>
public sealed record BatchEnd(BatchStatus Status)
{
    /// <summary>Why it failed.</summary>
    public IReadOnlyList<BatchErrorItem> Errors { get; init; } = [];

    /// <summary>The file of answers, or null.</summary>
    public FileRow? Output { get; init; }

    /// <summary>The file of the other requests, or null.</summary>
    public FileRow? ErrorFile { get; init; }

    /// <summary>Requests that were answered.</summary>
    public long Completed { get; init; }

    /// <summary>Requests that weren't.</summary>
    public long Failed { get; init; }

    /// <summary>Tokens of the prompts that were answered.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of the answers.</summary>
    public long CompletionTokens { get; init; }
}
