using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The poison list: tasks that were given up.</summary>
public interface IPoisonIndex
{
    /// <summary>The poison list, of one job or of all, the newest first.</summary>
    Task<IReadOnlyList<PoisonRow>> ListAsync(string? job, CancellationToken cancellationToken = default);

    /// <summary>
    /// Tries a given-up task again, where its result isn't written yet. A job that failed by it becomes <c>queued</c>, those that failed by
    /// needing it <c>blocked</c>.
    /// </summary>
    Task<RequeueOutcome> RequeueAsync(long poison, CancellationToken cancellationToken = default);

    /// <summary>Strikes a task off the poison list. False: it isn't listed.</summary>
    Task<bool> DropAsync(long poison, CancellationToken cancellationToken = default);
}

/// <summary>A given-up task on the poison list.</summary>
public sealed record PoisonRow
{
    /// <summary>Its number on the list.</summary>
    public required long Id { get; init; }

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The task.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The first item's place in the input, from 0.</summary>
    public long FirstItem { get; init; }

    /// <summary>The number of items.</summary>
    public long ItemCount { get; init; }

    /// <summary>The item's id, or null.</summary>
    public string? ItemId { get; init; }

    /// <summary>The last error.</summary>
    public required string Reason { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What was done about it.</summary>
    public required PoisonState State { get; init; }
}

/// <summary>Why a task is given up.</summary>
/// <param name="Reason">The last error, in a sentence.</param>
/// <param name="ItemId">The item's id, or null where the task has none.</param>
public sealed record PoisonEntry(string Reason, string? ItemId = null);

/// <summary>What became of a request to try a given-up task again.</summary>
public enum RequeueOutcome
{
    /// <summary>It is queued, its failures forgotten; its job too, where that had failed.</summary>
    Requeued,

    /// <summary>The list has no such row, or it was dealt with already.</summary>
    NotListed,

    /// <summary>Its result is written, as an error: the job is finished, or the part is. Only a new job can replace it.</summary>
    Written,
}
