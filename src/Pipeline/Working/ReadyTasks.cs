using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// Prepared tasks that wait for the device. Of several tenants' the one that was served longest ago comes first, so that what was fetched
/// ahead for one doesn't stand before another's; a tenant's own come in the order in which they were added. One reader at a time.
/// </summary>
internal sealed class ReadyTasks
{
    readonly Channel<PreparedTask> _coming = Channel.CreateUnbounded<PreparedTask>();
    readonly List<PreparedTask> _waiting = [];
    readonly Dictionary<Tenant, long> _served = [];
    long _turns;

    /// <summary>Adds one, from any thread.</summary>
    public void Add(PreparedTask task) => _coming.Writer.TryWrite(task);

    /// <summary>Says that no task comes any more.</summary>
    public void Complete() => _coming.Writer.TryComplete();

    /// <summary>Waits for a task; false: none comes any more.</summary>
    public async Task<bool> WaitAsync() => _waiting.Count > 0 || await _coming.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Takes the next one, if there is any.</summary>
    public bool TryTake([NotNullWhen(true)] out PreparedTask? task)
    {
        task = Next();
        if (task is not null) Take(task);
        return task is not null;
    }

    /// <summary>Takes the next one, if it is a shard that shares passes with another: one of the same job.</summary>
    public ShardTask? TryTake(ShardTask with)
    {
        if (Next() is not ShardTask { IsAlone: false } shard || shard.Context != with.Context) return null;
        Take(shard);
        return shard;
    }

    PreparedTask? Next()
    {
        while (_coming.Reader.TryRead(out PreparedTask? task)) _waiting.Add(task);
        return _waiting.MinBy(t => _served.GetValueOrDefault(t.Context.Row.Tenant));
    }

    void Take(PreparedTask task)
    {
        _waiting.Remove(task);
        _served[task.Context.Row.Tenant] = ++_turns;
    }
}
