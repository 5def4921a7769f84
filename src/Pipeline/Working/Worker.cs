using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// A worker: receives tasks, claims them, fetches what they need ahead of the device, works on one at a time (shards of one
/// job flow into each other), and puts results in place beside that. Stopped, it gives back what it holds, with its progress. It ends by
/// itself where it was told to once nothing comes (<see cref="WorkerOptions.EndAfterIdle"/>).
/// </summary>
public sealed class Worker(
    IBlobStore store,
    IPipelineIndex index,
    PipelineQueues queues,
    Finalizer finalizer,
    OutboxRelay relay,
    IJobTasks tasks,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<Worker> logger)
{
    /// <summary>Works until it is stopped, then gives back what it holds, within seconds.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        WorkerOptions settings = options.Value;
        var log = new WorkerLog(logger);
        using WorkerFolder folder = WorkerFolder.Take(settings.Folder);
        var resume = new ResumeFiles(store);
        using var contexts = new JobContexts(store, index, tasks, new FileCache(folder.Files, settings.CacheBytes), folder.Jobs);
        var ending = new TaskEnding(index, finalizer, relay, resume, settings, log);
        var commit = new ShardCommit(store, tasks);
        var preparing = new TaskPreparing(
            index.Jobs, contexts, new ShardOpening(store, index.Tasks, resume), resume,
            new TaskGivingUp(index.Tasks, commit, ending, settings, log), finalizer, ending, folder);
        using var lane = new DeviceLane(tasks, commit, ending, contexts, settings, time, log);
        log.Started(settings.Name, tasks.Kernels ?? "nothing that computes", folder.Path);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task working = Task.Run(() => lane.RunAsync(stopping), CancellationToken.None);
        Task saving = lane.SaveNowAndThenAsync(resume, ended.Token);
        try
        {
            await ReceiveAsync(new TaskReceiver(queues, index.Tasks, settings, time, log), preparing, lane, settings, log, stopping);
        }
        finally
        {
            lane.Complete();
            await working;
            await ended.CancelAsync();
            await saving;
        }
        log.Ended(settings.Name);
    }

    async Task ReceiveAsync(TaskReceiver receiver, TaskPreparing preparing, DeviceLane lane, WorkerOptions settings, WorkerLog log,
        CancellationToken stopping)
    {
        TimeSpan longest = queues.Listen() && settings.LongestPoll > settings.Poll
            ? settings.LongestPoll
            : settings.Poll, pause = settings.Poll;
        long busy = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await lane.WaitForRoomAsync(stopping);
                PreparedTask? task = null;
                try
                {
                    Task coming = queues.Coming;
                    if (await receiver.NextAsync(stopping) is { } claim)
                    {
                        task = await preparing.PrepareAsync(claim, stopping);
                        (pause, busy) = (settings.Poll, time.GetTimestamp());
                    }
                    else
                    {
                        await coming.WaitAsync(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                        pause = pause * 2 < longest ? pause * 2 : longest;
                    }
                    if (lane.IsBusy) busy = time.GetTimestamp();
                    else if (time.GetElapsedTime(busy) >= settings.EndAfterIdle) return;
                }
                finally
                {
                    if (task is null) lane.GiveRoom();
                    else lane.Add(task);
                }
                // While a task of its own runs, tasks behind it are better off with other workers.
                if (task is FolderTask) await task.Ended.WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (IOException e)
            {
                log.Unreachable(e);
                await Task.Delay(settings.Poll * 5, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
