using System.Globalization;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Reconciling;
using DiffusionBatch.Pipeline.Restoring;
using DiffusionBatch.Pipeline.Scheduling;
using DiffusionBatch.Pipeline.Webhooks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Functions.Upkeep;

/// <summary>
/// What goes on without a request: planning and ending jobs, sending messages, closing gaps that crashes left, deleting what is old.
/// </summary>
public sealed partial class BackgroundFunctions(
    ControlHandler handler, OutboxRelay relay, Scheduler scheduler, WebhookService webhooks, BatchRunner batches, IndexBackup backup,
    RecordBackup records, Reconciler reconciler, Retention retention, TimeProvider time,
    ILogger<BackgroundFunctions> logger)
{
    /// <summary>
    /// Plans or ends a job, as a message of the control queue asks. The message comes again where this throws, and may come twice in any
    /// case.
    /// </summary>
    [Function("Control")]
    public Task Control([QueueTrigger(QueueNames.Jobs)] string message, CancellationToken cancellationToken) =>
        handler.HandleAsync(message, cancellationToken);

    /// <summary>Takes batches of the OpenAI-shaped door further: checks them, hands in their jobs, writes what those came to.</summary>
    [Function("OpenAiWork")]
    public Task OpenAiWork([TimerTrigger("*/2 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        batches.RunOnceAsync(cancellationToken);

    /// <summary>Sends what lies in the outbox; what is submitted is sent at once, so that this finds what was left behind.</summary>
    [Function("Relay")]
    public Task Relay([TimerTrigger("*/5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        relay.RunOnceAsync(cancellationToken);

    /// <summary>Starts the runs of schedules whose time has come.</summary>
    [Function("Schedule")]
    public Task Schedule([TimerTrigger("* * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        scheduler.RunOnceAsync(cancellationToken);

    /// <summary>Tells webhooks what they are to be told.</summary>
    [Function("Webhooks")]
    public Task Webhooks([TimerTrigger("*/2 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        webhooks.RunOnceAsync(cancellationToken);

    /// <summary>Finishes or frees what crashes left half done.</summary>
    [Function("Reconcile")]
    public Task Reconcile([TimerTrigger("*/20 * * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken) =>
        reconciler.RunOnceAsync(cancellationToken);

    /// <summary>Keeps what the index knows, of jobs once they have ended, beside their outputs.</summary>
    [Function("Save")]
    public async Task Save([TimerTrigger("*/20 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await backup.SaveAsync(cancellationToken);
        await records.SaveAsync(cancellationToken);
    }

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

/// <summary>How long the index keeps jobs that have ended.</summary>
/// <param name="Keep">The setting <c>RetentionDays</c>, default 90 days.</param>
public sealed record Retention(TimeSpan Keep)
{
    const string Setting = "RetentionDays";

    /// <summary>Reads the setting.</summary>
    /// <exception cref="OptionsValidationException">It is no number of days from 1 to 36,500.</exception>
    public static Retention Of(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } text) return new Retention(TimeSpan.FromDays(90));
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) && days is >= 1 and <= 36_500
            ? new Retention(TimeSpan.FromDays(days))
            : throw new OptionsValidationException(Setting, typeof(Retention),
                [$"{Setting} is \"{text}\"; it is a number of days from 1 to 36500."]);
    }
}
