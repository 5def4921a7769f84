using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// What the API, the relay, the workers and the reconciler do with the index, by what it is about. Every call is one transaction; one
/// that meets a database that is away or busy waits for it (see <see cref="IndexUnavailableException"/>). Of two callers with one
/// intent (two claims, two ends) exactly one succeeds; the other is told so by the outcome, not by an exception.
/// </summary>
public interface IPipelineIndex : IAsyncDisposable
{
    /// <summary>Jobs: entering, reading and ending them.</summary>
    IJobIndex Jobs { get; }

    /// <summary>What planners do.</summary>
    IPlanningIndex Planning { get; }

    /// <summary>What workers do.</summary>
    ITaskIndex Tasks { get; }

    /// <summary>Messages that are to be sent.</summary>
    IOutboxIndex Outbox { get; }

    /// <summary>Tasks that were given up.</summary>
    IPoisonIndex Poison { get; }

    /// <summary>What nobody did who should have, and what is to go.</summary>
    IUpkeepIndex Upkeep { get; }

    /// <summary>Finished evaluations, cell by cell.</summary>
    ISweepIndex Sweeps { get; }

    /// <summary>Schedules and what became of their times.</summary>
    IScheduleIndex Schedules { get; }

    /// <summary>Webhooks and what they are to be told.</summary>
    IWebhookIndex Webhooks { get; }

    /// <summary>Jobs' rows as they are kept elsewhere.</summary>
    IBackupIndex Backup { get; }

    /// <summary>Other rows as they are kept elsewhere.</summary>
    IRecordIndex Records { get; }

    /// <summary>Files and batches of the OpenAI-shaped door.</summary>
    IBatchIndex Batches { get; }

    /// <summary>What was found out once and need not be again: files' hashes, models' speeds.</summary>
    ICacheIndex Caches { get; }

    /// <summary>Tenants' keys.</summary>
    IKeyIndex Keys { get; }

    /// <summary>What tenants may have, and have.</summary>
    IQuotaIndex Quotas { get; }

    /// <summary>
    /// The index as a tenant has it: jobs, tasks, evaluations, the poison list, schedules, webhooks, files, batches, keys and quotas are
    /// its own; another's isn't found, whatever is known of it, and what is entered is the tenant's. Disposing it does nothing.
    /// </summary>
    IPipelineIndex For(Tenant tenant);

    /// <summary>Whether the database answers now; not tried again.</summary>
    Task<bool> PingAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// The index's database couldn't be reached, or was busy, for longer than calls are retried. Nothing of the call was kept, or all of it.
/// </summary>
/// <param name="message">What was tried and for how long.</param>
/// <param name="inner">What the database's client threw last.</param>
public sealed class IndexUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
