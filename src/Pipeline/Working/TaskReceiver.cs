using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Storage.Queues;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>Receives messages, the most urgent first, and claims their tasks.</summary>
internal sealed class TaskReceiver(PipelineQueues queues, ITaskIndex index, WorkerOptions options, TimeProvider time, WorkerLog log)
{
    /// <summary>Messages that are passed over at most; each costs a look into the index.</summary>
    const int MostPassed = 128;

    static readonly TimeSpan s_soonest = TimeSpan.FromSeconds(1), s_latest = TimeSpan.FromDays(6);

    /// <summary>The next task that is ours; null where no queue has one now.</summary>
    public async Task<TaskClaim?> NextAsync(CancellationToken cancellationToken)
    {
        foreach (string name in QueueNames.Tasks)
            if (await NextAsync(name, queues[name], cancellationToken) is { } claim) return claim;
        return null;
    }

    // Messages of a tenant that has had its turn are passed over, and kept in the hand meanwhile. Where none is found that comes before
    // them, the first of them is taken after all: what is said to come before may be lost, or in another's hand.
    async Task<TaskClaim?> NextAsync(string name, IWorkQueue queue, CancellationToken cancellationToken)
    {
        var passed = new Queue<WorkMessage>();
        try
        {
            while (passed.Count < MostPassed && await queue.ReceiveAsync(1, options.Lease, cancellationToken) is [{ } message, ..])
            {
                PipelineMetrics.Consumed(name, message.Deliveries == 1 ? time.GetUtcNow() - message.Sent : null);
                (TaskClaim? claim, bool givesWay) = await ClaimAsync(name, queue, message, inTurn: true, cancellationToken);
                if (claim is not null) return claim;
                if (givesWay) passed.Enqueue(message);
            }
            while (passed.TryDequeue(out WorkMessage? message))
                if ((await ClaimAsync(name, queue, message, inTurn: false, cancellationToken)).Claim is { } claim) return claim;
            return null;
        }
        finally
        {
            foreach (WorkMessage message in passed) await PutBackAsync(queue, message);
        }
    }

    // Where that fails it comes again by itself; a task that was claimed meanwhile mustn't be lost by it.
    async Task PutBackAsync(IWorkQueue queue, WorkMessage message)
    {
        try
        {
            await queue.RenewAsync(message, TimeSpan.Zero, CancellationToken.None);
        }
        catch (IOException e)
        {
            log.Unreachable(e);
        }
    }

    async Task<(TaskClaim? Claim, bool GivesWay)> ClaimAsync(string name, IWorkQueue queue, WorkMessage message, bool inTurn,
        CancellationToken cancellationToken)
    {
        if (PipelineMessage.Parse(message.Body) is not { Task: { } ordinal } pointer)
        {
            log.Stranger(message.Body.Length <= 200 ? message.Body : message.Body[..200]);
            await queue.DeleteAsync(message, cancellationToken);
            return default;
        }
        ClaimOutcome outcome;
        try
        {
            var task = new TaskKey(pointer.Job, ordinal);
            outcome = inTurn
                ? await index.ClaimInTurnAsync(task, options.Name, options.Lease, cancellationToken)
                : await index.ClaimAsync(task, options.Name, options.Lease, cancellationToken);
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
                return (TaskClaim.Start(index, queue, message, outcome.Task, TaskSpan.Begin(outcome, name, pointer.Trace, options.Name),
                    options, time), false);
            case ClaimStatus.GivesWay:
                return (null, true);
            case ClaimStatus.Held:
                TimeSpan wait = (outcome.Until ?? time.GetUtcNow()) - time.GetUtcNow();
                await queue.RenewAsync(message, wait < s_soonest ? s_soonest : wait > s_latest ? s_latest : wait, cancellationToken);
                return default;
            default:
                await queue.DeleteAsync(message, cancellationToken);
                return default;
        }
    }
}
