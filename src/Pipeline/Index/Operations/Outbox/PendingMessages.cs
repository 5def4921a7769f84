namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Messages that are due and not sent, the oldest first.</summary>
internal static class PendingMessages
{
    const string Sql = """
        select id as Id, job_id as JobId, kind as Kind, ordinal as Ordinal, queue as Queue
        from outbox where sent_at is null and due_at <= @now order by id limit @limit
        """;

    public static async Task<IReadOnlyList<OutboxRow>> RunAsync(IndexSession session, int limit) =>
        await session.ListAsync<OutboxRow>(Sql, new { now = session.Now, limit }).ConfigureAwait(false);
}
