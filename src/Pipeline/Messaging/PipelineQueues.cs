using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Messaging;

/// <summary>The pipeline's queues by their names (<see cref="QueueNames"/>).</summary>
/// <param name="queues">All of them.</param>
public sealed class PipelineQueues(IReadOnlyDictionary<string, IWorkQueue> queues)
{
    /// <summary>The queue of plans and ends.</summary>
    public IWorkQueue Control => this[QueueNames.Jobs];

    /// <summary>The queues of tasks, the most urgent first.</summary>
    public IReadOnlyList<IWorkQueue> Tasks { get; } = [.. QueueNames.Tasks.Select(name => queues[name])];

    /// <summary>A queue by its name.</summary>
    public IWorkQueue this[string name] => queues[name];

    /// <summary>Queues that are each made by a function.</summary>
    public static PipelineQueues Of(Func<string, IWorkQueue> make) =>
        new(QueueNames.Tasks.Append(QueueNames.Jobs).ToDictionary(name => name, make, StringComparer.Ordinal));
}
