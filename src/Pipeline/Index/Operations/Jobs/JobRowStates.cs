using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Questions about a job's row.</summary>
internal static class JobRowStates
{
    /// <summary>Whether its time has run out.</summary>
    public static bool IsExpired(this JobRow job, IndexSession session) => job.ExpiresAt is { } end && end <= session.Time;

    /// <summary>Whether its tasks may be worked on.</summary>
    public static bool IsLive(this JobRow job, IndexSession session) => job.State is JobState.Queued or JobState.Running && !job.IsExpired(session);
}
