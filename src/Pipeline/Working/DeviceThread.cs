using System.Collections.Concurrent;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// The one thread that computes. It isn't the pool's, which heartbeats and uploads live on. And it stays the same from task to task:
/// libtorch's own threads belong to the thread that calls it, and so does what glibc keeps of freed memory, of which there would be another
/// task's worth with each new thread.
/// </summary>
internal sealed class DeviceThread : TaskScheduler, IDisposable
{
    readonly BlockingCollection<Task> _work = [];

    public DeviceThread() => new Thread(Work) { IsBackground = true, Name = "device" }.Start();

    /// <summary>Runs work there, after what was handed in before; what comes of it goes on elsewhere.</summary>
    public Task<T> RunAsync<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None,
        TaskCreationOptions.HideScheduler | TaskCreationOptions.RunContinuationsAsynchronously, this);

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Ends the thread once its work is done.</summary>
    public void Dispose() => _work.CompleteAdding();

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => _work.Add(task);

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _work;

    void Work()
    {
        foreach (Task task in _work.GetConsumingEnumerable()) TryExecuteTask(task);
        _work.Dispose();
    }
}
