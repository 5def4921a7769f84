using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Storage;

public sealed class MemoryWorkQueueTests : WorkQueueCompliance
{
    readonly ManualTime _time = new();

    protected override Task<IWorkQueue> CreateAsync() => Task.FromResult<IWorkQueue>(new MemoryWorkQueue(_time));

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
