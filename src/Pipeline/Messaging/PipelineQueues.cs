using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Messaging;

/// <summary>The pipeline's queues by their names (<see cref="QueueNames"/>).</summary>
/// <param name="queues">All of them.</param>
/// <param name="bell">What tells of new messages on this machine, or null: only looking does.</param>
public sealed class PipelineQueues(IReadOnlyDictionary<string, IWorkQueue> queues, QueueBell? bell = null)
{
    static readonly Task s_never = new TaskCompletionSource().Task;

    /// <summary>Completed once a message may have come since; never where nothing tells of it.</summary>
    public Task Coming => bell?.Next ?? s_never;

    /// <summary>
    /// Begins to listen for new messages. Whether that works decides how seldom one may look: false where a bell was to be heard and can't
    /// be.
    /// </summary>
    public bool Listen() => bell?.Listen() ?? true;

    /// <summary>The queue of plans and ends.</summary>
    public IWorkQueue Control => this[QueueNames.Jobs];

    /// <summary>The queues of tasks, the most urgent first.</summary>
    public IReadOnlyList<IWorkQueue> Tasks { get; } = [.. QueueNames.Tasks.Select(name => queues[name])];

    /// <summary>A queue by its name.</summary>
    public IWorkQueue this[string name] => queues[name];

    /// <summary>Queues that are each made by a function.</summary>
    /// <param name="make">Makes a queue of a name.</param>
    /// <param name="bell">What they ring for each message, or null.</param>
    public static PipelineQueues Of(Func<string, IWorkQueue> make, QueueBell? bell = null) =>
        new(QueueNames.Tasks.Append(QueueNames.Jobs)
            .ToDictionary(name => name, name => bell is null ? make(name) : new RingingWorkQueue(make(name), bell), StringComparer.Ordinal),
                bell);
}
