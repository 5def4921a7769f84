namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Marks messages as sent.</summary>
internal static class MarkSent
{
    const int MostIds = 1000;

    public static async Task<int> RunAsync(IndexSession session, IReadOnlyList<long> ids)
    {
        int marked = 0;
        foreach (long[] some in ids.Chunk(MostIds))
            marked += await session.ExecuteAsync($"update outbox set sent_at = @now where id in {SqlList.Of(some)} and sent_at is null", new { now = session.Now }).ConfigureAwait(false);
        return marked;
    }
}
