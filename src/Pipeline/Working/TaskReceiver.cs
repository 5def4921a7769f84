using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Storage.Queues;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>Receives messages, the most urgent first, and claims their tasks.</summary>
internal sealed class TaskReceiver(PipelineQueues queues, ITaskIndex index, WorkerOptions options, TimeProvider time, WorkerLog log)
{
    static readonly TimeSpan s_soonest = TimeSpan.FromSeconds(1), s_latest = TimeSpan.FromDays(6);

    /// <summary>The next task that is ours; null where no queue has one now.</summary>
    public async Task<TaskClaim?> NextAsync(CancellationToken cancellationToken)
    {
        foreach (string name in QueueNames.Tasks)
        {
            IWorkQueue queue = queues[name];
            while (await queue.ReceiveAsync(1, options.Lease, cancellationToken) is [{ } message, ..])
            {
                PipelineMetrics.Consumed(name, message.Deliveries == 1 ? time.GetUtcNow() - message.Sent : null);
                if (await ClaimAsync(name, queue, message, cancellationToken) is { } claim) return claim;
            }
        }
        return null;
    }

    async Task<TaskClaim?> ClaimAsync(string name, IWorkQueue queue, WorkMessage message, CancellationToken cancellationToken)
    {
        if (PipelineMessage.Parse(message.Body) is not { Task: { } ordinal } pointer)
        {
            log.Stranger(message.Body.Length <= 200 ? message.Body : message.Body[..200]);
            await queue.DeleteAsync(message, cancellationToken);
            return null;
        }
        ClaimOutcome outcome;
        try
        {
            outcome = await index.ClaimAsync(new TaskKey(pointer.Job, ordinal), options.Name, options.Lease, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping: another may have it at once.
            await queue.RenewAsync(message, TimeSpan.Zero, CancellationToken.None);
            throw;
        }
        switch (outcome.Status)
        {
            case ClaimStatus.Claimed:
                log.Claimed(outcome.Task!.Key, outcome.Task.Attempt);
                return TaskClaim.Start(index, queue, message, outcome.Task, TaskSpan.Begin(outcome, name, pointer.Trace, options.Name),
                    options, time);
            case ClaimStatus.Held:
                TimeSpan wait = (outcome.Until ?? time.GetUtcNow()) - time.GetUtcNow();
                await queue.RenewAsync(message, wait < s_soonest ? s_soonest : wait > s_latest ? s_latest : wait, cancellationToken);
                return null;
            default:
                await queue.DeleteAsync(message, cancellationToken);
                return null;
        }
    }
}
