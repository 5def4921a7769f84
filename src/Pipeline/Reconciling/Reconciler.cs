using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Reconciling;

/// <summary>
/// Heals what a crash between any two writes leaves: claims of workers that are gone, messages that were lost, jobs that
/// nobody ended. Each step is idempotent, so that it may run anywhere, at any time, several at once.
/// </summary>
public sealed partial class Reconciler(IBlobStore store, IUpkeepIndex index, Finalizer finalizer, OutboxRelay relay,
    ILogger<Reconciler> log)
{
    /// <summary>A task that waits for so long although its message was sent gets another: the first may be lost.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Heals all that there is to heal now, and sends what that leaves in the outbox.</summary>
    public async Task<ReconcileReport> RunOnceAsync(CancellationToken cancellationToken)
    {
        int lapsed = await index.FreeLapsedAsync(cancellationToken);
        int expired = await index.ExpireAsync(cancellationToken);
        int ended = 0;
        foreach (string job in await index.ReadyToFinishAsync(cancellationToken))
            if (await finalizer.FinalizeAsync(job, cancellationToken)) ended++;
        int advanced = await index.AdvanceBlockedAsync(cancellationToken);
        int resent = await index.ResendAsync(ResendAfter, cancellationToken);
        int sent = await relay.RunOnceAsync(cancellationToken);
        var report = new ReconcileReport(lapsed, expired, ended, advanced, resent, sent);
        if (report.Healed > 0) LogHealed(lapsed, expired, ended, advanced, resent);
        if (PipelineMetrics.WantsQueues)
            PipelineMetrics.Waiting(await index.WaitingAsync(cancellationToken), await index.PoisonAsync(cancellationToken));
        return report;
    }

    /// <summary>
    /// Deletes jobs that ended before a time from the index, and from the store what was kept of those that failed, so that they could
    /// be tried again; their outputs stay. Returns how many jobs.
    /// </summary>
    public async Task<int> DeleteOldAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        // First what only the index still leads to: a death in between leaves rows, which the next call finds.
        foreach (string job in await index.OldAsync(before, cancellationToken))
        {
            await store.DeleteAllAsync(RootNames.Job(job), cancellationToken);
            await store.DeleteAsync(RootNames.Record(job), BlobCondition.None, cancellationToken);
        }
        return await index.DeleteOldAsync(before, cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Information, "Reconciled: {Lapsed} lapsed claims, {Expired} expired jobs, {Ended} jobs ended, {Advanced} "
        + "moved on, {Resent} messages written again")]
    partial void LogHealed(int lapsed, int expired, int ended, int advanced, int resent);
}

/// <summary>What a reconciler did.</summary>
/// <param name="Lapsed">Tasks freed of workers that are gone.</param>
/// <param name="Expired">Jobs that ended unplanned, past their time.</param>
/// <param name="Ended">Jobs that it ended.</param>
/// <param name="Advanced">Jobs that wait no more.</param>
/// <param name="Resent">Messages written again.</param>
/// <param name="Sent">Messages sent.</param>
public sealed record ReconcileReport(int Lapsed, int Expired, int Ended, int Advanced, int Resent, int Sent)
{
    /// <summary>The gaps that were found.</summary>
    public int Healed => Lapsed + Expired + Ended + Advanced + Resent;
}
