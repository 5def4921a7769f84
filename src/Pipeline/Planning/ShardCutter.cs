using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Planning;

/// <summary>Cuts an input into shards of a number of items as it is read; each is a task with its place in bytes.</summary>
/// <param name="shardSize">Items of a shard.</param>
/// <param name="take">Takes each task.</param>
internal sealed class ShardCutter(int shardSize, Action<TaskPlan> take)
{
    ItemSpan _first, _last;
    long _count;

    /// <summary>The shards that were cut.</summary>
    public int Parts { get; private set; }

    /// <summary>Takes the next item.</summary>
    public void Add(ItemSpan item)
    {
        if (_count++ == 0) _first = item;
        _last = item;
        if (_count == shardSize) Cut();
    }

    /// <summary>Cuts what is left.</summary>
    public void Finish()
    {
        if (_count > 0) Cut();
    }

    void Cut()
    {
        take(new TaskPlan(Parts, JobKind.Sample)
        {
            Part = Parts,
            FirstItem = _first.Index,
            ItemCount = _count,
            ByteOffset = _first.Offset,
            ByteLength = _last.End - _first.Offset,
            FirstLine = _first.Line,
        });
        Parts++;
        _count = 0;
    }
}
