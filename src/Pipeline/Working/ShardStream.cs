using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// Shards of one job through one sampler: the items of the next shard flow in while the last ones of the former finish, so
/// that batches stay full however small shards are. Each shard's results go to its own files.
/// </summary>
/// <param name="tasks">The sampler.</param>
/// <param name="next">The next shard that may join, or null: none is there at present.</param>
/// <param name="done">Takes a shard whose results are all there.</param>
/// <param name="time">The clock.</param>
/// <param name="noted">Takes what the log should say of the sampling.</param>
internal sealed class ShardStream(IJobTasks tasks, Func<ShardTask, ShardTask?> next, Action<ShardTask> done, TimeProvider time,
    Action<string> noted)
{
    readonly Lock _lock = new();
    readonly List<ShardTask> _active = [];
    volatile IReadOnlyDictionary<string, double> _figures = new Dictionary<string, double>();

    /// <summary>The shards that were taken in and aren't done: where the stream ended early, or that were given up.</summary>
    public IReadOnlyList<ShardTask> Unfinished
    {
        get
        {
            lock (_lock) return [.. _active];
        }
    }

    /// <summary>Samples a shard, and those that follow it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or every shard was given up.</exception>
    public void Run(ShardTask first, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var device = new DeviceSpan("sample", () => Unfinished.Select(s => s.Claim.Span.Activity), time);
        var flow = new SampleFlow(first.Manifest, [.. Enumerable.Range(0, first.Context.Cells.Count)]);
        var registrations = new List<CancellationTokenRegistration>();
        try
        {
            var work = new SampleTask(first.Manifest, first.Context.Folder.Path, first.Context.Cells,
                Items(first, flow, device, stop, registrations));
            long last = time.GetTimestamp();
            foreach (ItemResult result in tasks.Sample(work, new Figures(this, device, noted), stop.Token))
            {
                long now = time.GetTimestamp();
                device.Result(result.Error is null ? result.Length : 0, result.Error is not null);
                if (Take(flow, result) is { } shard) shard.Busy += time.GetElapsedTime(last, now).TotalSeconds;
                last = now;
                stop.Token.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            device.End();
            foreach (CancellationTokenRegistration registration in registrations) registration.Dispose();
        }
        if (Unfinished.FirstOrDefault(s => !s.Results.IsDropped) is { } left)
            throw new InvalidOperationException($"The sampler "
                + $"gave {left.Results.Store.Tally.Results} results in place of {left.Task.ItemCount * left.Context.Cells.Count}.");
    }

    // The sampler's thread asks for items and is given them here; nothing of it blocks but the reading of lines.
    IEnumerable<InputItem?> Items(ShardTask first, SampleFlow flow, DeviceSpan device, CancellationTokenSource stop,
        List<CancellationTokenRegistration> registrations)
    {
        for (ShardTask? shard = first; ;)
        {
            lock (_lock) _active.Add(shard);
            device.Go();
            ShardTask current = shard;
            registrations.Add(current.Claim.Ended.Register(() => GiveUp(current, stop)));
            foreach (InputItem item in flow.Enter(shard.Results, shard.Items())) yield return item;
            shard.Entered();
            // Nothing of it was to be sampled, or its last results came before it was known to be the last ones.
            if (shard.Results.Store.IsDone) Finish(shard);
            while ((shard = first.IsAlone || stop.IsCancellationRequested ? null : next(first)) is null)
            {
                if (!flow.IsBusy || first.IsAlone || stop.IsCancellationRequested) yield break;
                yield return null;
            }
        }
    }

    // Null: its shard was finished before. An earlier attempt had left some of the item's results, but not all.
    ShardTask? Take(SampleFlow flow, ItemResult result)
    {
        ShardResults results = flow.Take(result);
        ShardTask? shard;
        lock (_lock) shard = _active.Find(s => s.Results == results);
        if (shard is null) return null;
        if (!results.IsDropped && results.Store.IsDone) Finish(shard);
        else shard.Report(_figures);
        return shard;
    }

    void Finish(ShardTask shard)
    {
        lock (_lock)
            if (!_active.Remove(shard)) return;
        shard.Report(_figures);
        done(shard);
    }

    void GiveUp(ShardTask shard, CancellationTokenSource stop)
    {
        shard.Results.Drop();
        lock (_lock)
            if (!_active.TrueForAll(s => s.Results.IsDropped)) return;
        stop.Cancel();
    }

    // The shards count their own results; what the sampler says of its speed is shown beside.
    sealed class Figures(ShardStream stream, DeviceSpan device, Action<string> noted) : IProgress<TaskProgress>
    {
        public void Report(TaskProgress value)
        {
            if (value.Note is not null) noted(value.Note);
            stream._figures = value.Metrics ?? stream._figures;
            if (value.Metrics?.GetValueOrDefault("passes") is > 0 and var passes) device.Passed((long)passes);
        }
    }
}
