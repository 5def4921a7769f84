namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Reads jobs one by one.</summary>
internal static class ReadJobs
{
    const string ById = JobColumns.Select + " where j.id = @id";
    const string ByParent = JobColumns.Select + " where j.parent_id = @id order by j.place";
    const string Finished = "select count(*) from jobs where output = @output and fingerprint = @fingerprint and state in ('completed', 'completedWithErrors')";
    const string Needs = "select needs_id from job_dependencies where job_id = @id order by needs_id";

    public static Task<JobRow?> GetAsync(IndexSession session, string id) => session.FirstAsync<JobRow>(ById, new { id });

    public static async Task<IReadOnlyList<JobRow>> ChildrenAsync(IndexSession session, string id) =>
        await session.ListAsync<JobRow>(ByParent, new { id }).ConfigureAwait(false);

    public static async Task<bool> HasFinishedAsync(IndexSession session, string output, string fingerprint) =>
        await session.ScalarAsync<long>(Finished, new { output, fingerprint }) > 0;

    public static async Task<IReadOnlyList<string>> NeedsAsync(IndexSession session, string id) =>
        await session.ListAsync<string>(Needs, new { id }).ConfigureAwait(false);
}
