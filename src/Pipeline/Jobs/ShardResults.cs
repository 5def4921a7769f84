using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Where the results of a run of consecutive items go: a store whose first item is the shard's.</summary>
/// <param name="store">The store.</param>
/// <param name="firstItem">The first item's place in the input.</param>
internal sealed class ShardResults(ResultStore store, long firstItem)
{
    volatile bool _dropped;

    /// <summary>The store.</summary>
    public ResultStore Store { get; } = store;

    /// <summary>Whether results are thrown away: the shard was given up.</summary>
    public bool IsDropped => _dropped;

    /// <summary>Throws away what comes from now on.</summary>
    public void Drop() => _dropped = true;

    /// <summary>Whether a result is there already.</summary>
    public bool Has(int cell, long item) => Store.Has(cell, item - firstItem);

    /// <summary>Takes a result.</summary>
    public void Add(int cell, long item, ResultRow row)
    {
        if (!_dropped) Store.Add(cell, item - firstItem, row);
    }

    /// <summary>Takes an item's error as its result in several cells.</summary>
    public void Add(IReadOnlyList<int> cells, InputItem item, InputItemError error)
    {
        var row = new ResultRow(ResultLines.Error(item.Id, error), [], 0, 0, 0, error.Code);
        foreach (int cell in cells) Add(cell, item.Index, row);
    }
}
