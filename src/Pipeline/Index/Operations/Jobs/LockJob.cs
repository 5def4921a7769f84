namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>
/// Reads jobs to change them: until the transaction ends nobody else does. A pipeline is always locked before its jobs,
/// and a job before its tasks, so that no two transactions wait for each other.
/// </summary>
internal static class LockJob
{
    /// <summary>A job alone, where nothing changes that its pipeline would have to know.</summary>
    public static Task<JobRow?> RunAsync(IndexSession session, string id) =>
        session.FirstAsync<JobRow>(JobColumns.Select + " where j.id = @id" + session.LockRows, new { id });

    /// <summary>A job with its pipeline, or null.</summary>
    public static async Task<JobFamily?> WithPipelineAsync(IndexSession session, string id)
    {
        string? parent = await session.ScalarAsync<string>("select parent_id from jobs where id = @id", new { id }).ConfigureAwait(false);
        JobRow? pipeline = parent is null ? null : await RunAsync(session, parent).ConfigureAwait(false);
        return await RunAsync(session, id).ConfigureAwait(false) is { } job ? new JobFamily(job, pipeline) : null;
    }
}
