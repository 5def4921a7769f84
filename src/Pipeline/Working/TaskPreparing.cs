using System.Diagnostics;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>Makes a claimed task ready for the device, or ends it where that isn't to be: it failed too often, or can't be run.</summary>
internal sealed class TaskPreparing(
    IJobIndex index, JobContexts contexts, ShardOpening opening, ResumeFiles resume, TaskGivingUp givingUp, Finalizer finalizer,
    TaskEnding ending, WorkerFolder folder)
{
    /// <summary>Prepares a task; null where it was ended in place of that.</summary>
    public async Task<PreparedTask?> PrepareAsync(TaskClaim claim, CancellationToken stopping)
    {
        JobContext? context = null;
        PreparedTask? task = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, claim.Ended);
        using Activity? span = Spans.Begin("prepare task", claim.Span.Activity);
        try
        {
            if (givingUp.IsDue(claim.Task) && claim.Task.Kind != JobKind.Sample)
            {
                await givingUp.PoisonAsync(claim, stop.Token);
                return null;
            }
            context = await contexts.TakeAsync(claim.Task.JobId, stop.Token);
            if (context is null)
            {
                await LostAsync(claim, stop.Token);
                return null;
            }
            task = await OpenAsync(claim, context, folder.FolderOf(claim.Task), stop.Token);
            if (task is not ShardTask shard || !givingUp.IsDue(claim.Task)) return task;
            if (claim.Task.ItemCount > 1) await givingUp.SplitAsync(shard, stop.Token);
            else await givingUp.PoisonAsync(shard, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (claim.Ended.IsCancellationRequested) await ending.EndAsync(claim, CancellationToken.None);
            else await ending.GiveBackAsync(claim, null, CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever went wrong is the task's failure; the worker goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            span.Failed(e);
            if (givingUp.IsDue(claim.Task) && !TaskEnding.IsAway(e)) await FailJobAsync(claim, e, stopping);
            else await ending.FailAsync(claim, null, e, stopping);
        }
        if (task is not null) await task.DisposeAsync();
        if (context is not null) contexts.Release(context);
        return null;
    }

    async Task<PreparedTask> OpenAsync(TaskClaim claim, JobContext context, string own, CancellationToken cancellationToken)
    {
        if (claim.Task.Kind == JobKind.Sample) return await opening.OpenAsync(claim, context, own, cancellationToken);
        var task = new FolderTask(claim, context, own);
        if (!Directory.Exists(task.Resume)) await resume.FetchFolderAsync(claim.Task, task.Resume, cancellationToken);
        return task;
    }

    // The list of its inputs goes with the job's end; a job that goes on without it can't be worked on.
    async Task LostAsync(TaskClaim claim, CancellationToken cancellationToken)
    {
        if (await index.GetAsync(claim.Task.JobId, cancellationToken) is { } job && !job.State.IsFinal())
            await finalizer.FailAsync(job, "The list of its inputs is gone: hand the job in again.", [], cancellationToken);
        await ending.StopAsync(claim, cancellationToken);
    }

    // Splitting needs the very files that can't be had.
    async Task FailJobAsync(TaskClaim claim, Exception exception, CancellationToken cancellationToken)
    {
        if (await index.GetAsync(claim.Task.JobId, cancellationToken) is { } job)
            await finalizer.FailAsync(job, $"Task {claim.Task.Ordinal} can't be begun: {exception.Message}", [], cancellationToken);
        await ending.StopAsync(claim, cancellationToken);
    }
}
