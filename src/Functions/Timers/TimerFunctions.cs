using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Reconciling;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Timers;

/// <summary>What goes on by the clock: sending messages, healing gaps, deleting what is old.</summary>
public sealed partial class TimerFunctions(OutboxRelay relay, Reconciler reconciler, Retention retention, TimeProvider time, ILogger<TimerFunctions> logger)
{
    /// <summary>Sends what lies in the outbox; what is submitted is sent at once, so that this finds what was left behind.</summary>
    [Function("Relay")]
    public Task Relay([TimerTrigger("*/5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) => relay.RunOnceAsync(cancellationToken);

    /// <summary>Heals what crashes have left.</summary>
    [Function("Reconcile")]
    public Task Reconcile([TimerTrigger("*/20 * * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken) => reconciler.RunOnceAsync(cancellationToken);

    /// <summary>Deletes jobs that ended long ago; their outputs stay.</summary>
    [Function("Retain")]
    public async Task Retain([TimerTrigger("0 17 3 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        int deleted = await reconciler.DeleteOldAsync(time.GetUtcNow() - retention.Keep, cancellationToken);
        if (deleted > 0) LogDeleted(deleted, retention.Keep.TotalDays);
    }

    [LoggerMessage(1, LogLevel.Information, "Deleted {Count} jobs from the index that ended more than {Days} days ago")]
    partial void LogDeleted(int count, double days);
}
