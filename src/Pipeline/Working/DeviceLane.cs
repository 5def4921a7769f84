using System.Collections.Concurrent;
using System.Diagnostics;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// The device, which works on one thing at a time, and the prepared tasks that wait for it. What is finished is put in
/// place beside it, so that it goes on at once.
/// </summary>
internal sealed class DeviceLane(
    IJobTasks tasks, ShardCommit commit, TaskEnding ending, JobContexts contexts, WorkerOptions options, TimeProvider time, WorkerLog log)
        : IDisposable
{
    /// <summary>Finished tasks that are put in place at once.</summary>
    const int Commits = 4;

    readonly DeviceThread _thread = new();
    readonly ReadyTasks _ready = new();
    readonly SemaphoreSlim _room = new(options.Prefetch, options.Prefetch), _committing = new(Commits, Commits);
    readonly ConcurrentDictionary<PreparedTask, bool> _held = [];
    readonly ConcurrentDictionary<Task, bool> _endings = [];

    /// <summary>Waits until another task may be prepared.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken) => _room.WaitAsync(cancellationToken);

    /// <summary>Whether it holds any task, or is still ending one.</summary>
    public bool IsBusy => !_held.IsEmpty || !_endings.IsEmpty;

    /// <summary>Gives back the room of a task that didn't come.</summary>
    public void GiveRoom() => _room.Release();

    /// <summary>Takes a prepared task; its room is free again once the device has taken it in.</summary>
    public void Add(PreparedTask task)
    {
        int given = 0;
        task.Entered = () =>
        {
            if (Interlocked.Exchange(ref given, 1) == 0) _room.Release();
        };
        _held[task] = true;
        _ready.Add(task);
    }

    /// <summary>Says that no task comes any more.</summary>
    public void Complete() => _ready.Complete();

    /// <summary>Works on what comes, until it is complete and all is ended. Once stopped, it gives everything back.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (await _ready.WaitAsync())
        {
            while (_ready.TryTake(out PreparedTask? task))
            {
                if (stopping.IsCancellationRequested)
                {
                    Begin(task, GiveBackAsync);
                    continue;
                }
                DeviceTime.Begin();
                if (task is ShardTask shard) await _thread.RunAsync(() => Sample(shard, stopping));
                else await WorkAsync((FolderTask)task, stopping);
                DeviceTime.End();
            }
        }
        await Task.WhenAll(_endings.Keys);
    }

    /// <summary>Saves now and then what successors of the present tasks would need; seldom where saving takes long.</summary>
    public async Task SaveNowAndThenAsync(ResumeFiles resume, CancellationToken stopping)
    {
        TimeSpan wait = options.CheckpointEvery;
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested) return;
            long started = time.GetTimestamp();
            foreach (PreparedTask task in _held.Keys)
            {
                try
                {
                    await task.SaveAsync(resume, stopping);
                }
                catch (IOException e)
                {
                    log.NotSaved(e, task.Task.Key);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
            TimeSpan took = time.GetElapsedTime(started) * 20;
            wait = took > options.CheckpointEvery ? took : options.CheckpointEvery;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _thread.Dispose();
        _room.Dispose();
        _committing.Dispose();
    }

    void Note(PreparedTask task, string note)
    {
        log.Noted(task.Task.Key, note);
        task.Claim.Report(new TaskProgress("", -1, 0, "", Note: note));
    }

    void Sample(ShardTask first, CancellationToken stopping)
    {
        var stream = new ShardStream(tasks, _ready.TryTake, shard => Begin(shard, CommitAsync), time, note => Note(first, note));
        Exception? failure = null;
        try
        {
            stream.Run(first, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || stream.Unfinished.All(s => s.Results.IsDropped))
        {
            // Stopped, or nothing of it is wanted any more.
        }
#pragma warning disable CA1031 // Whatever a sampler throws is its shard's failure; the worker goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }
        ShardTask[] left = [.. stream.Unfinished.Where(s => !s.Results.IsDropped)];
        foreach (ShardTask ended in stream.Unfinished.Where(s => s.Results.IsDropped)) Begin(ended, EndAsync);
        if (stopping.IsCancellationRequested) Array.ForEach(left, s => Begin(s, GiveBackAsync));
        else if (failure is ProblemsException or FileChangedException || left.Length == 1)
            Array.ForEach(left, s => Begin(s, t => FailAsync(t, failure!)));
        else
        {
            if (failure is not null) log.Apart(failure, left.Length);
            // Whose fault it was shows when each is by itself; what is done of them is kept.
            foreach (ShardTask shard in left)
            {
                shard.IsAlone = true;
                if (stopping.IsCancellationRequested) Begin(shard, GiveBackAsync);
                else Sample(shard, stopping);
            }
        }
    }

    async Task WorkAsync(FolderTask task, CancellationToken stopping)
    {
        task.Entered();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, task.Claim.Ended);
        long started = time.GetTimestamp();
        try
        {
            task.Noted = note => log.Noted(task.Task.Key, note);
            using Activity? span = Spans.Begin(EnumText.Of(task.Task.Kind), task.Claim.Span.Activity);
            TaskReport report = await _thread.RunAsync(() => task.RunAsync(tasks, stop.Token).GetAwaiter().GetResult());
            stop.Token.ThrowIfCancellationRequested();
            double seconds = time.GetElapsedTime(started).TotalSeconds;
            Begin(task, async _ => await ending.CommitAsync(task.Claim, await task.UploadAsync(report, seconds, CancellationToken.None),
                null, CancellationToken.None));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Begin(task, task.Claim.Ended.IsCancellationRequested ? EndAsync : GiveBackAsync);
        }
#pragma warning disable CA1031 // Whatever a task throws is its failure; the worker goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Begin(task, t => FailAsync(t, e));
        }
    }

    async Task CommitAsync(PreparedTask task) =>
        await ending.CommitAsync(task.Claim, await commit.UploadAsync((ShardTask)task, task.Claim.Ended), null, CancellationToken.None);

    Task GiveBackAsync(PreparedTask task) => ending.GiveBackAsync(task.Claim, task, CancellationToken.None);

    Task EndAsync(PreparedTask task) => ending.EndAsync(task.Claim, CancellationToken.None);

    Task FailAsync(PreparedTask task, Exception exception) => ending.FailAsync(task.Claim, task, exception, CancellationToken.None);

    // Ends a task beside the device: an end that fails is a failure of the task, and one that can't be told lets the claim lapse.
    void Begin(PreparedTask task, Func<PreparedTask, Task> end)
    {
        Task running = Task.Run(async () =>
        {
            await _committing.WaitAsync();
            using Activity? span = Spans.Begin("end task", task.Claim.Span.Activity);
            try
            {
                try
                {
                    await end(task);
                }
                catch (OperationCanceledException) when (task.Claim.Ended.IsCancellationRequested)
                {
                    await EndAsync(task);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    await FailAsync(task, e);
                }
            }
#pragma warning disable CA1031 // The worker goes on; the reconciler frees the task.
            catch (Exception e)
#pragma warning restore CA1031
            {
                log.NotEnded(e, task.Task.Key);
                await task.Claim.DisposeAsync();
            }
            finally
            {
                _committing.Release();
                await CloseAsync(task);
            }
        });
        _endings[running] = true;
        _ = running.ContinueWith(done => _endings.TryRemove(done, out _), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    async Task CloseAsync(PreparedTask task)
    {
        _held.TryRemove(task, out _);
        await task.DisposeAsync();
        contexts.Release(task.Context);
        task.Entered();
    }
}
