using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Webhooks in SQL.</summary>
internal sealed class WebhookIndex(IndexDatabase database) : IWebhookIndex
{
    /// <summary>For how long a delivery is tried.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    const string Select = "select w.id as Id, w.url as Url, w.events as Events, w.created_at as CreatedAt from webhooks w";

    const string Delivery = """
        select d.id as Id, d.webhook_id as WebhookId, w.url as Url, d.job_id as JobId, d.job_state as JobState, d.happened_at as HappenedAt,
               d.state as State, d.body as Body, d.attempts as Attempts, d.due_at as DueAt, d.until as Until, d.delivered_at as DeliveredAt,
               d.status as Status, d.error as Error
        from deliveries d join webhooks w on w.id = d.webhook_id
        """;

    const string Due = "select id from deliveries where state = 'pending' and due_at <= @now order by due_at, id limit @limit";

    const string Claim = """
        update deliveries set attempts = attempts + 1, due_at = @lapses
        where id = @id and state = 'pending' and due_at <= @now and attempts = @attempts
        """;

    const string End = """
        update deliveries set state = @state, status = @status, error = @error, due_at = coalesce(@again, due_at), delivered_at = @delivered
        where id = @id and attempts = @attempts and state = 'pending'
        """;

    const string OfOwn = " and webhook_id in (select id from webhooks where tenant = @tenant)";

    const string Repeat = """
        update deliveries set state = 'pending', due_at = @now, until = @until, delivered_at = null where id = @id and webhook_id = @webhook
        """;

    /// <inheritdoc/>
    public Task AddAsync(WebhookRow webhook, CancellationToken cancellationToken = default) => database.WriteAsync(
        s => s.ExecuteAsync(
            "insert into webhooks (id, url, events, created_at, tenant) values (@Id, @Url, @events, @now, @owner) on conflict do nothing",
            new { webhook.Id, webhook.Url, events = EnumText.Of(webhook.Events), now = s.Now, owner = s.Tenant ?? "" }),
        cancellationToken);

    /// <inheritdoc/>
    public Task<WebhookRow?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.FirstAsync<WebhookRow>(Select + " where w.id = @id" + s.Own("w.tenant"), new { id }), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WebhookRow>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<WebhookRow>(Select + " where 1 = 1" + s.Own("w.tenant") + " order by w.id"), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s => await s.ExecuteAsync("delete from webhooks where id = @id" + s.Own("tenant"), new { id }) == 1
            || s.Retried, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeliveryRow>> DeliveriesAsync(
        string webhook, DeliveryState? state, string? before, int limit, CancellationToken cancellationToken = default)
    {
        string where = " where d.webhook_id = @webhook"
            + (state is null ? "" : " and d.state = @state") + (before is null ? "" : " and d.id < @before");
        return database.ReadAsync(
            s => s.ListAsync<DeliveryRow>(
                Delivery + where + s.Own("w.tenant") + " order by d.id desc limit @limit",
                new { webhook, state = state is { } one ? EnumText.Of(one) : null, before, limit = (long)limit }),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> RepeatAsync(string webhook, string delivery, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s => await s.ExecuteAsync(Repeat + (s.Tenant is null ? "" : OfOwn),
            new { id = delivery, webhook, now = s.Now, until = s.In(Patience) }) == 1, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DueAsync(int limit, CancellationToken cancellationToken = default) => database.ReadAsync(
        s => s.ListAsync<string>(Due, new { now = s.Now, limit = (long)limit }), cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryRow?> ClaimAsync(
        string delivery, TimeSpan lease, Func<DeliveryRow, JobRow, string> body, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => ClaimAsync(s, delivery, lease, body), cancellationToken);

    static async Task<DeliveryRow?> ClaimAsync(IndexSession session, string id, TimeSpan lease, Func<DeliveryRow, JobRow, string> body)
    {
        if (await session.FirstAsync<DeliveryRow>(Delivery + " where d.id = @id", new { id }) is not { State: DeliveryState.Pending } row)
            return null;
        if (await session.ExecuteAsync(Claim, new { id, now = session.Now, lapses = session.In(lease), attempts = row.Attempts }) == 0)
            return null;
        if (row.Body is null)
        {
            JobRow job = await JobIndex.GetAsync(session, row.JobId)
                ?? throw new InvalidOperationException($"There is no job {row.JobId}.");
            row = row with { Body = body(row, job) };
            await session.ExecuteAsync("update deliveries set body = @body where id = @id", new { id, body = row.Body });
        }
        return row with { Attempts = row.Attempts + 1 };
    }

    /// <inheritdoc/>
    public Task<bool> EndAsync(DeliveryRow delivery, AttemptEnd end, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s => await s.ExecuteAsync(End, new
        {
            id = delivery.Id,
            attempts = delivery.Attempts,
            state = EnumText.Of(end.State),
            status = end.Status,
            error = end.Error,
            again = Timestamp.Of(end.Again),
            delivered = end.State == DeliveryState.Delivered ? s.Now : null,
        }) == 1,
        cancellationToken);
}

/// <summary>Enters what webhooks are to be told of a job that has just come to a state, in the transaction that brought it there.</summary>
internal static class TellWebhooks
{
    const string Insert = """
        insert into deliveries (id, webhook_id, job_id, job_state, happened_at, state, due_at, until)
        values (@id, @webhook, @job, @state, @now, 'pending', @now, @until)
        """;

    public static async Task RunAsync(IndexSession session, string job, JobState state)
    {
        string which = "select id from webhooks where tenant = (select tenant from jobs where id = @job)"
            + (state.IsFinal() ? "" : " and events = 'state'");
        foreach (string webhook in await session.ListAsync<string>(which, new { job }))
            await session.ExecuteAsync(Insert, new
            {
                id = "msg_" + Guid.CreateVersion7(session.Time).ToString("N"),
                webhook,
                job,
                state = state.Name(),
                now = session.Now,
                until = session.In(WebhookIndex.Patience),
            });
    }
}
