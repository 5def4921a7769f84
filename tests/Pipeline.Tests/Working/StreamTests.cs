using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>Shards flow into each other; what a worker holds when it is stopped or left behind goes on elsewhere.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task Shards_of_a_job_are_one_stream_for_the_sampler()
    {
        using var undisturbed = new TestRoot();
        await undisturbed.Run(TestRoot.Sample(), new FakeTasks());
        await using var rig = new PipelineRig();
        // A sampler with room for all of it waits a while for the next shard before it goes on with what it has.
        var tasks = new FakeTasks { Window = 100, OnPause = () => Thread.Sleep(5), Patience = 400 };
        JobRow job = await rig.RunAsync(TestRoot.Sample(), tasks);
        Assert.Equal((JobState.Completed, 1), (job.State, tasks.Streams));
        Assert.Equal(undisturbed.Files("results"), rig.Root.Files("results"));
    }

    [Fact]
    public async Task Stopped_it_gives_its_tasks_back_with_their_progress()
    {
        await using var undisturbed = new PipelineRig();
        await undisturbed.RunAsync(TestRoot.Sample() with { ShardSize = 64 }, new FakeTasks());
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(TestRoot.Sample() with { ShardSize = 64 });
        var half = new TaskCompletionSource();
        var first = new FakeTasks { OnResult = n => { if (n == 20) half.SetResult(); if (n >= 20) Thread.Sleep(2); } };
        await using (PipelineRig.Running worker = rig.Start(first))
        {
            await rig.UntilAsync(() => Task.FromResult(half.Task.IsCompleted));
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await worker.DisposeAsync();
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        }
        TaskRow task = Assert.Single(await rig.Index.Tasks.ListAsync(job));
        Assert.Equal((TaskState.Queued, 0), (task.State, task.Failures));
        Assert.Single(await rig.Queues[QueueNames.Of(JobPriority.Normal)].ReceiveAsync(1, TimeSpan.FromSeconds(1), default));
        var second = new FakeTasks();
        await using (PipelineRig.Running worker = rig.Start(second)) await rig.UntilEndedAsync(job);
        Assert.InRange(first.Sampled + second.Sampled, 46, 50);
        Assert.Equal(undisturbed.Root.Files("results"), rig.Root.Files("results"));
        Assert.Equal(await undisturbed.RowsAsync(), await rig.RowsAsync());
    }

    [Fact]
    public async Task Two_workers_that_believe_they_hold_a_task_make_one_result()
    {
        await using var undisturbed = new PipelineRig();
        await undisturbed.RunAsync(TestRoot.Sample() with { ShardSize = 64 }, new FakeTasks());
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(TestRoot.Sample() with { ShardSize = 64 });
        // The first stands still, heartbeats and all, for longer than its lease; then it goes on as if nothing had been.
        using var pause = new PausePoint();
        rig.Pause = pause;
        var begun = new TaskCompletionSource();
        PipelineRig.Running paused =
            rig.Start(new FakeTasks { OnResult = n => { if (n == 30) { pause.Hold(); begun.SetResult(); } pause.Wait(); } });
        rig.Pause = null;
        await rig.UntilAsync(() => Task.FromResult(begun.Task.IsCompleted));
        await using (PipelineRig.Running second = rig.Start(new FakeTasks()))
        {
            await rig.UntilEndedAsync(job);
            pause.Release();
            await rig.UntilAsync(() => Task.FromResult(rig.Logger.Lines.Any(l => l.Contains("is fenced off", StringComparison.Ordinal))));
        }
        await paused.DisposeAsync();
        Assert.Equal(undisturbed.Root.Files("results"), rig.Root.Files("results"));
        Assert.Equal(await undisturbed.RowsAsync(), await rig.RowsAsync());
        Assert.Equal(2, Assert.Single(await rig.Index.Tasks.ListAsync(job)).Attempt);
    }

    [Fact]
    public async Task A_worker_that_stood_still_before_it_began_says_that_it_is_fenced_off()
    {
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(TestRoot.Sample() with { ShardSize = 64 });
        using var pause = new PausePoint { After = nameof(ITaskIndex.ClaimInTurnAsync) };
        rig.Pause = pause;
        PipelineRig.Running paused = rig.Start(new FakeTasks());
        rig.Pause = null;
        await rig.UntilAsync(() => Task.FromResult(pause.IsHeld));
        await using (PipelineRig.Running second = rig.Start(new FakeTasks()))
        {
            await rig.UntilEndedAsync(job);
            pause.Release();
            await rig.UntilAsync(() => Task.FromResult(rig.Logger.Lines.Any(l => l.Contains("is fenced off", StringComparison.Ordinal))));
        }
        await paused.DisposeAsync();
    }
}
