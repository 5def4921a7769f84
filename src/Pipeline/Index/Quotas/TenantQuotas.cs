using System.Globalization;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Quotas within other operations' transactions. Who counts against one locks its row first, so that of two at once the second sees what
/// the first has entered; a row is the last thing that a transaction locks.
/// </summary>
internal static class TenantQuotas
{
    const string Select =
        "select most_items as MostItems, most_bytes as MostBytes, most_tasks as MostTasks from quotas where tenant = @owner";

    const string Items = """
        select cast(coalesce(sum(t.item_count), 0) as bigint) from jobs j join tasks t on t.job_id = j.id
        where j.tenant = @owner and j.state in ('queued', 'running', 'cancelling') and j.planned_at is not null
          and t.state in ('queued', 'running')
        """;

    const string Bytes = """
        select cast((select coalesce(sum(bytes), 0) from files where tenant = @owner)
            + (select coalesce(sum(bytes), 0) from uploads where tenant = @owner and path <> @path) as bigint)
        """;

    /// <summary>A tenant's quota as it is now, or null.</summary>
    public static Task<TenantQuota?> ReadAsync(IndexSession session, string tenant) =>
        session.FirstAsync<TenantQuota>(Select, new { owner = tenant });

    /// <summary>A tenant's quota, to count against it; null: it has none.</summary>
    public static Task<TenantQuota?> LockAsync(IndexSession session, string tenant) =>
        session.FirstAsync<TenantQuota>(Select + session.LockRows, new { owner = tenant });

    /// <summary>Items of planned jobs that aren't done.</summary>
    public static Task<long> ItemsAsync(IndexSession session, string tenant) => session.ScalarAsync<long>(Items, new { owner = tenant });

    /// <summary>Bytes of a tenant's files but for one.</summary>
    public static Task<long> BytesAsync(IndexSession session, string tenant, string without = "") =>
        session.ScalarAsync<long>(Bytes, new { owner = tenant, path = without });

    /// <summary>Refuses a submission while the queue is full. How many items it has is known once it is planned.</summary>
    /// <exception cref="QuotaExceededException">It is full.</exception>
    public static async Task DemandRoomAsync(IndexSession session, string tenant)
    {
        if (await LockAsync(session, tenant) is not { MostItems: { } most }) return;
        long queued = await ItemsAsync(session, tenant);
        if (queued >= most)
            throw new QuotaExceededException(QuotaKind.Items,
                $"{May(tenant, most)} and has {Text(queued)}; submit again once some of them are done, or {Ask(tenant)}");
    }

    /// <summary>Refuses a planned job that has more items than there is room for.</summary>
    /// <exception cref="QuotaExceededException">It has.</exception>
    public static async Task DemandItemsAsync(IndexSession session, string tenant, long items)
    {
        if (await LockAsync(session, tenant) is not { MostItems: { } most }) return;
        long queued = await ItemsAsync(session, tenant);
        if (queued + items <= most) return;
        string how = items > most ? "submit it in parts" : "submit it again once some of them are done";
        throw new QuotaExceededException(QuotaKind.Items,
            $"It has {Text(items)} items. {May(tenant, most)} and has {Text(queued)} of other jobs; {how}, or {Ask(tenant)}");
    }

    /// <summary>Refuses a file for which there is no room.</summary>
    /// <exception cref="QuotaExceededException">There is none.</exception>
    public static async Task DemandBytesAsync(IndexSession session, string tenant, long bytes, string replaced = "")
    {
        if (await LockAsync(session, tenant) is not { MostBytes: { } most }) return;
        long stored = await BytesAsync(session, tenant, replaced);
        if (stored + bytes > most)
            throw new QuotaExceededException(QuotaKind.Bytes,
                $"The tenant {Tenant.Of(tenant)} may have {Text(most)} bytes of files and has {Text(stored)}; this file has {Text(bytes)}. "
                    + $"Delete others, or {Ask(tenant)}");
    }

    static string May(string tenant, long most) => $"The tenant {Tenant.Of(tenant)} may have {Text(most)} items queued";

    static string Ask(string tenant) => $"ask an admin of the default tenant for more: PUT /api/tenants/{Tenant.Of(tenant)}/quota.";

    static string Text(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
