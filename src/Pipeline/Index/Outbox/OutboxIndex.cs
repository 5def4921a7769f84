namespace DiffusionBatch.Pipeline.Index;

/// <summary>The outbox in SQL. Whoever changes a job writes its messages with <see cref="Enqueue"/>, in the same transaction.</summary>
internal sealed class OutboxIndex(IndexDatabase database) : IOutboxIndex
{
    const int MostIds = 1000;

    const string First = "select min(waits_for) from outbox where waits_for is not null";

    const string Next = "select min(waits_for) from outbox where waits_for > @after";

    const string Pending = """
        select id as Id, job_id as JobId, kind as Kind, ordinal as Ordinal, queue as Queue, trace as Trace
        from outbox where sent_at is null and waits_for is null and due_at <= @now order by id limit @limit
        """;

    /// <inheritdoc/>
    public Task<int> AdmitAsync(CancellationToken cancellationToken = default) =>
        database.EachAsync(WaitingAsync, AdmitTasks.RunAsync, cancellationToken);

    // The tenants whose messages wait, found one after the other: each may have a million.
    static async Task<IReadOnlyList<string>> WaitingAsync(IndexSession session)
    {
        var tenants = new List<string>();
        for (string? next = await session.ScalarAsync<string>(First); next is not null;
            next = await session.ScalarAsync<string>(Next, new { after = next }))
            tenants.Add(next);
        return tenants;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxRow>> PendingAsync(int limit, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<OutboxRow>(Pending, new { now = s.Now, limit }), cancellationToken);

    /// <inheritdoc/>
    public Task MarkSentAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken = default) =>
        database.WriteAsync(async s =>
        {
            int marked = 0;
            foreach (long[] some in ids.Chunk(MostIds))
                marked += await s.ExecuteAsync($"update outbox set sent_at = @now where id in {SqlList.Of(some)} and sent_at is null",
                    new { now = s.Now });
            return marked;
        }, cancellationToken);
}
