using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>The poison list.</summary>
internal static class ListPoison
{
    const string Insert = """
        insert into poison (job_id, ordinal, first_item, item_count, item_id, reason, attempts, created_at, state)
        values (@JobId, @Ordinal, @FirstItem, @ItemCount, @ItemId, @Reason, @Attempt, @now, 'listed')
        """;

    const string Select = """
        select id as Id, job_id as JobId, ordinal as Ordinal, first_item as FirstItem, item_count as ItemCount, item_id as ItemId,
               reason as Reason, attempts as Attempts, created_at as CreatedAt, state as State
        from poison
        """;

    /// <summary>The list, of one job or of all, the newest first.</summary>
    public static async Task<IReadOnlyList<PoisonRow>> RunAsync(IndexSession session, string? job) =>
        await session.ListAsync<PoisonRow>(Select + (job is null ? "" : " where job_id = @job") + " order by id desc", new { job });

    /// <summary>A row, or null.</summary>
    public static Task<PoisonRow?> GetAsync(IndexSession session, long id) => session.FirstAsync<PoisonRow>(Select + " where id = @id", new { id });

    /// <summary>Enters a task.</summary>
    public static Task<int> AddAsync(IndexSession session, TaskRow task, PoisonEntry entry) => session.ExecuteAsync(Insert, new
    {
        task.JobId,
        task.Ordinal,
        task.FirstItem,
        task.ItemCount,
        entry.ItemId,
        entry.Reason,
        task.Attempt,
        now = session.Now,
    });

    /// <summary>Says what was done about a listed row; false where it isn't listed.</summary>
    public static async Task<bool> MarkAsync(IndexSession session, long id, PoisonState state) =>
        await session.ExecuteAsync("update poison set state = @state where id = @id and state = 'listed'", new { id, state = EnumText.Of(state) }) == 1;

    /// <summary>Strikes a row off.</summary>
    public static async Task<bool> DropAsync(IndexSession session, long id) =>
        await MarkAsync(session, id, PoisonState.Dropped)
        || (session.Retried && await GetAsync(session, id) is { State: PoisonState.Dropped });
}
