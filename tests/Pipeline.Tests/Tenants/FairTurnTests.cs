using System.Globalization;
using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Tenants;

/// <summary>
/// Two tenants, one with much to do and one with little, before one worker; counted in tasks, of which each takes as long.
/// </summary>
public sealed class FairTurnTests : IAsyncDisposable
{
    const int Shard = 10;

    readonly PipelineRig _rig = new();
    readonly Lock _lock = new();
    readonly List<string> _worked = [];

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    async Task<string> SubmitAsync(string name, int items)
    {
        Tenant tenant = Tenant.Parse(name)!.Value;
        IBlobStore own = _rig.Store.For(tenant);
        string lines = string.Concat(Enumerable.Range(0, items).Select(i => $$"""{"id":"{{name}}{{i}}","source":"s"}""" + "\n"));
        foreach ((string path, string content) in ((string, string)[])
            [("models/m/config.json", "{}"), ("models/m/model.safetensors", "w"), ("models/m/tokenizer.json", "{}"),
                ("data/in.jsonl", lines)])
            await own.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(content)), BlobCondition.None, default);
        SubmitResult result = await _rig.Service.For(tenant).SubmitAsync(PipelineRig.Request(
            TestRoot.Sample() with { Sampler = new SamplerSettings(), ShardSize = Shard, Trace = false }), default);
        Assert.Empty(result.Problems);
        return result.Outcome!.Job.Id;
    }

    // Notes the task that an item is of; whether it is the task's first.
    bool Begins(string item)
    {
        string task = $"{item[0]}{int.Parse(item.AsSpan(1), CultureInfo.InvariantCulture) / Shard}";
        lock (_lock)
        {
            if (_worked.Contains(task)) return false;
            _worked.Add(task);
            return true;
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10)]
    public async Task A_hundred_items_end_behind_a_hundred_thousand_within_twice_the_time_that_an_equal_share_takes(int few)
    {
        const int Before = 40;
        using var planned = new ManualResetEventSlim();
        using var busy = new ManualResetEventSlim();
        using var claimed = new ManualResetEventSlim();
        string a = await SubmitAsync("a", 100_000);
        await _rig.ControlAsync();
        var tasks = new FakeTasks
        {
            Window = 1,
            OnItem = item =>
            {
                if (!Begins(item.Id) || _worked.Count < Before) return;
                busy.Set();
                planned.Wait();
                // A task takes longer than claiming another.
                if (_worked.Count > Before) claimed.Wait();
                if (!_worked.Exists(t => t[0] == 'b')) Thread.Sleep(100);
            },
        };
        await using PipelineRig.Running worker = _rig.Start(tasks);
        await _rig.UntilAsync(() => Task.FromResult(busy.IsSet));
        string b = await SubmitAsync("b", few);
        await _rig.UntilAsync(async () => await _rig.Index.Jobs.GetAsync(b) is { PlannedAt: not null }
            && (await _rig.Index.Outbox.PendingAsync(1)).Count == 0);
        planned.Set();
        await _rig.UntilAsync(async () => (await _rig.Index.Tasks.ListAsync(b)).Any(t => t.Attempt > 0));
        claimed.Set();
        await _rig.UntilEndedAsync(b);
        string[] worked;
        lock (_lock) worked = [.. _worked];
        int end = Array.FindLastIndex(worked, t => t[0] == 'b') + 1 - Before, share = 2 * (few / Shard);
        TestContext.Current.TestOutputHelper!.WriteLine($"B's {few / Shard} tasks ended as number {end}; alone on an equal share: {share}");
        Assert.Equal(JobState.Completed, (await _rig.Index.Jobs.GetAsync(b))!.State);
        Assert.InRange(end, 1, 2 * share);
        Assert.False((await _rig.Index.Jobs.GetAsync(a))!.State.IsFinal());
    }
}
