using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Messages that were written with what they tell of, and are to be sent.</summary>
public interface IOutboxIndex
{
    /// <summary>
    /// Lets out messages of tasks that wait for their tenants' turns, as many as there is room for: a bounded number of each tenant's is
    /// out at a time. Returns how many; <see cref="PendingAsync"/> has them.
    /// </summary>
    Task<int> AdmitAsync(CancellationToken cancellationToken = default);

    /// <summary>Messages that are due and not sent, the oldest first; those that wait for a turn aren't among them.</summary>
    Task<IReadOnlyList<OutboxRow>> PendingAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>Marks messages as sent. One that is sent and not marked is sent again: receivers bear it.</summary>
    Task MarkSentAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken = default);
}

/// <summary>A message to send.</summary>
public sealed record OutboxRow
{
    /// <summary>Its number, in the order of writing.</summary>
    public required long Id { get; init; }

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>What it asks for.</summary>
    public required OutboxKind Kind { get; init; }

    /// <summary>The task, or null.</summary>
    public int? Ordinal { get; init; }

    /// <summary>The queue's name, one of <see cref="QueueNames"/>.</summary>
    public required string Queue { get; init; }

    /// <summary>The span that it was written in, as the header <c>traceparent</c> has it, or null.</summary>
    public string? Trace { get; init; }
}

/// <summary>What a message asks for.</summary>
public enum OutboxKind
{
    /// <summary>A job is to be planned.</summary>
    Plan,

    /// <summary>A job's tasks are done, or it is to end otherwise.</summary>
    Finalize,

    /// <summary>A task is to be worked on.</summary>
    Task,
}

/// <summary>The queues' names.</summary>
public static class QueueNames
{
    /// <summary>Jobs to plan and to finalize.</summary>
    public const string Jobs = "dbatch-jobs";

    /// <summary>The queues of tasks, the most urgent first.</summary>
    public static IReadOnlyList<string> Tasks { get; } = [.. Enum.GetValues<JobPriority>().Select(Of)];

    /// <summary>The queue of a priority's tasks.</summary>
    public static string Of(JobPriority priority) => priority switch
    {
        JobPriority.High => "dbatch-tasks-high",
        JobPriority.Low => "dbatch-tasks-low",
        _ => "dbatch-tasks-normal",
    };
}
