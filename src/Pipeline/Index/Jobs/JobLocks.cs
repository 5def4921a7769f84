using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Reads jobs to change them: until the transaction ends nobody else does. A pipeline is always locked before its jobs,
/// and a job before its tasks, so that no two transactions wait for each other.
/// </summary>
internal static class LockJob
{
    /// <summary>A job alone, where nothing changes that its pipeline would have to know.</summary>
    public static Task<JobRow?> RunAsync(IndexSession session, string id) =>
        session.FirstAsync<JobRow>(JobRow.Select + " where j.id = @id" + session.Own("j.tenant") + session.LockRows, new { id });

    /// <summary>A job with its pipeline, or null.</summary>
    public static async Task<JobFamily?> WithPipelineAsync(IndexSession session, string id)
    {
        string? parent = await session.ScalarAsync<string>("select parent_id from jobs where id = @id" + session.Own("tenant"), new { id });
        JobRow? pipeline = parent is null ? null : await RunAsync(session, parent);
        return await RunAsync(session, id) is { } job ? new JobFamily(job, pipeline) : null;
    }
}

/// <summary>Tells a job of the call's tenant from another's.</summary>
internal static class OwnJob
{
    /// <summary>The job's id; of another's, and where there is none, one that no job has.</summary>
    public static async Task<string> RunAsync(IndexSession session, string id) => session.Tenant is null ? id
        : await session.ScalarAsync<string>("select id from jobs where id = @id" + session.Own("tenant"), new { id }) ?? "";
}

/// <summary>A locked job with its locked pipeline.</summary>
/// <param name="Job">The job.</param>
/// <param name="Pipeline">The pipeline that it is part of, or null.</param>
internal sealed record JobFamily(JobRow Job, JobRow? Pipeline);

/// <summary>Questions about a job's row.</summary>
internal static class JobRowStates
{
    /// <summary>Whether its time has run out.</summary>
    public static bool IsExpired(this JobRow job, IndexSession session) => job.ExpiresAt is { } end && end <= session.Time;

    /// <summary>Whether its tasks may be worked on.</summary>
    public static bool IsLive(this JobRow job, IndexSession session) =>
        job.State is JobState.Queued or JobState.Running && !job.IsExpired(session);
}
