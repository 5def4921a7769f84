using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Quotas of tenants and what they have of them. Those of items and tasks are kept by submitting, planning and claiming themselves, each in
/// its own transaction; that of bytes by who enters files.
/// </summary>
public interface IQuotaIndex
{
    /// <summary>What a tenant may have, and what it has; null: the index is another tenant's alone.</summary>
    Task<TenantUsage?> GetAsync(Tenant tenant, CancellationToken cancellationToken = default);

    /// <summary>Sets what a tenant may have, in place of what was set; what it has already stays. False: as above.</summary>
    Task<bool> SetAsync(Tenant tenant, TenantQuota quota, CancellationToken cancellationToken = default);

    /// <summary>Notes that a tenant is about to write a file; others can't have its bytes from then on.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="path">The file, relative to the tenant's root.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What was noted of the path before, for <see cref="SettleAsync"/> where it isn't written; null: nothing.</returns>
    /// <exception cref="QuotaExceededException">It would have more than it may; nothing was noted.</exception>
    Task<long?> ReserveAsync(Tenant tenant, string path, long bytes, CancellationToken cancellationToken = default);

    /// <summary>Notes how long a tenant's file is now; null: there is none.</summary>
    Task SettleAsync(Tenant tenant, string path, long? bytes, CancellationToken cancellationToken = default);
}

/// <summary>What a tenant may have; null: as much as it likes.</summary>
public sealed record TenantQuota
{
    /// <summary>Items of planned jobs that aren't done.</summary>
    public long? MostItems { get; init; }

    /// <summary>Bytes of its files: those that it wrote by the API, and those of the OpenAI-shaped door, answers among them.</summary>
    public long? MostBytes { get; init; }

    /// <summary>Tasks that run at once; others wait.</summary>
    public long? MostTasks { get; init; }
}

/// <summary>What a tenant may have, and what it has.</summary>
/// <param name="Quota">What it may have.</param>
/// <param name="Items">Items of planned jobs that aren't done.</param>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="Tasks">Tasks that run.</param>
public sealed record TenantUsage(TenantQuota Quota, long Items, long Bytes, long Tasks);

/// <summary>A tenant would have more than it may; nothing was changed.</summary>
/// <param name="kind">Of what.</param>
/// <param name="message">What it may have and has, and what to do.</param>
public sealed class QuotaExceededException(QuotaKind kind, string message) : Exception(message)
{
    /// <summary>Of what.</summary>
    public QuotaKind Kind => kind;
}

/// <summary>What a quota is of.</summary>
public enum QuotaKind
{
    /// <summary>Queued items: in time there is room again.</summary>
    Items,

    /// <summary>Bytes of files: there is room once some are gone.</summary>
    Bytes,
}
