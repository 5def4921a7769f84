using System.Collections.Concurrent;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>
/// The items of a sample job on their way through the sampler: what is still to be sampled goes in, results go where
/// they belong. Items of several shards may be under way at once, each with a store of its own.
/// </summary>
/// <param name="manifest">The job.</param>
/// <param name="cells">The cells that are sampled, by their place in the stores.</param>
internal sealed class SampleFlow(SampleManifest manifest, IReadOnlyList<int> cells)
{
    // Items that were handed to the sampler, until their last result is there.
    readonly ConcurrentDictionary<long, UnderWay> _underWay = new();

    /// <summary>Whether an item is under way.</summary>
    public bool IsBusy => !_underWay.IsEmpty;

    /// <summary>The items that are to be sampled, as they are asked for; those with an error of their own get it as their result.</summary>
    /// <param name="shard">Where their results belong.</param>
    /// <param name="items">The shard's items.</param>
    public IEnumerable<InputItem> Enter(ShardResults shard, IEnumerable<InputItem> items)
    {
        foreach (InputItem item in items)
        {
            if (shard.IsDropped) yield break;
            if (cells.All(cell => shard.Has(cell, item.Index))) continue;
            if (item.Error is { } error)
            {
                shard.Add(cells, item, error);
                continue;
            }
            _underWay[item.Index] = new UnderWay(item, shard, cells.Count);
            yield return item;
        }
    }

    /// <summary>Takes a result.</summary>
    /// <returns>The shard whose it is.</returns>
    /// <exception cref="InvalidOperationException">The sampler gave it without being asked.</exception>
    public ShardResults Take(ItemResult result)
    {
        if (!_underWay.TryGetValue(result.Item, out UnderWay? under) || under.Item.Id != result.Id)
            throw new InvalidOperationException($"The sampler gave a result that nobody waits for: item {result.Item}, \"{result.Id}\".");
        string line = ResultLines.Result(result, manifest.Ids
            || under.Item.PromptIds is not null, manifest.PassThrough ? under.Item.Other : null, manifest.Usage == true);
        string[] traces = manifest.Trace && result.Error is null ? [.. result.Traces.Select(t => ResultLines.Trace(result.Id, t))] : [];
        bool failed = result.Error is not null;
        if (--under.Left == 0) _underWay.TryRemove(result.Item, out _);
        under.Shard.Add(cells[result.Cell], result.Item,
            new ResultRow(line, traces, failed ? 0 : result.Nfe, failed ? 0 : result.Length, result.Seconds, result.Error?.Code)
            {
                Flops = failed ? 0 : result.Flops,
                Verified = !failed && result.Exact is { } exact ? ResultLines.Verified(result, exact) : null,
            });
        return under.Shard;
    }

    sealed class UnderWay(InputItem item, ShardResults shard, int results)
    {
        public InputItem Item { get; } = item;

        public ShardResults Shard { get; } = shard;

        public int Left { get; set; } = results;
    }
}

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
    public void Add(IReadOnlyList<int> cells, InputItem item, ItemError error)
    {
        var row = new ResultRow(ResultLines.Error(item.Id, error), [], 0, 0, 0, error.Code);
        foreach (int cell in cells) Add(cell, item.Index, row);
    }
}
