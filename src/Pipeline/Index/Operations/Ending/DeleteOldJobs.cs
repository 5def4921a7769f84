using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Deletes jobs that ended long ago, with all that hangs on them.</summary>
internal static class DeleteOldJobs
{
    static readonly string s_sql =
        "delete from jobs where parent_id is null and finished_at < @before and state in " + SqlList.Of(Enum.GetValues<JobState>().Where(s => s.IsFinal()));

    public static Task<int> RunAsync(IndexSession session, DateTimeOffset before) =>
        session.ExecuteAsync(s_sql, new { before = Timestamp.Of(before) });
}
