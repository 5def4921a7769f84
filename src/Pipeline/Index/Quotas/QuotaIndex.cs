using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>See <see cref="IQuotaIndex"/>.</summary>
internal sealed class QuotaIndex(IndexDatabase database) : IQuotaIndex
{
    const string Set = """
        insert into quotas (tenant, most_items, most_bytes, most_tasks, changed_at)
        values (@owner, @MostItems, @MostBytes, @MostTasks, @now)
        on conflict (tenant) do update
        set most_items = excluded.most_items, most_bytes = excluded.most_bytes, most_tasks = excluded.most_tasks,
            changed_at = excluded.changed_at
        """;

    const string Tasks = """
        select count(*) from tasks t join jobs j on j.id = t.job_id
        where j.tenant = @owner and j.state in ('queued', 'running', 'cancelling') and t.state = 'running'
        """;

    const string Note = """
        insert into uploads (tenant, path, bytes) values (@owner, @path, @bytes)
        on conflict (tenant, path) do update set bytes = excluded.bytes
        """;

    /// <inheritdoc/>
    public Task<TenantUsage?> GetAsync(Tenant tenant, CancellationToken cancellationToken = default) =>
        database.ReadAsync(async s => IsAnothers(s, tenant) ? null : new TenantUsage(
            await TenantQuotas.ReadAsync(s, tenant.Value) ?? new TenantQuota(),
            await TenantQuotas.ItemsAsync(s, tenant.Value),
            await TenantQuotas.BytesAsync(s, tenant.Value),
            await s.ScalarAsync<long>(Tasks, new { owner = tenant.Value })), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SetAsync(Tenant tenant, TenantQuota quota, CancellationToken cancellationToken = default) =>
        database.WriteAsync(async s => !IsAnothers(s, tenant) && await s.ExecuteAsync(Set,
            new { owner = tenant.Value, quota.MostItems, quota.MostBytes, quota.MostTasks, now = s.Now }) == 1, cancellationToken);

    /// <inheritdoc/>
    public Task<long?> ReserveAsync(Tenant tenant, string path, long bytes, CancellationToken cancellationToken = default) =>
        database.WriteAsync(async s =>
        {
            await TenantQuotas.DemandBytesAsync(s, tenant.Value, bytes, path);
            long? before = await s.ScalarAsync<long?>("select bytes from uploads where tenant = @owner and path = @path",
                new { owner = tenant.Value, path });
            // Until it is written, what is there stays.
            await s.ExecuteAsync(Note, new { owner = tenant.Value, path, bytes = Math.Max(bytes, before ?? 0) });
            return before;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task SettleAsync(Tenant tenant, string path, long? bytes, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => bytes is null
            ? s.ExecuteAsync("delete from uploads where tenant = @owner and path = @path", new { owner = tenant.Value, path })
            : s.ExecuteAsync(Note, new { owner = tenant.Value, path, bytes }), cancellationToken);

    static bool IsAnothers(IndexSession session, Tenant tenant) => session.Tenant is { } own && own != tenant.Value;
}
