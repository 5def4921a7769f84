namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>The states of a job, by the names that files, index and API use (see <see cref="JobStates.Name"/>).</summary>
public enum JobState
{
    /// <summary>Accepted, or interrupted and resumable; nothing works on it at present.</summary>
    Queued,

    /// <summary>Waits for a job whose output it reads.</summary>
    Blocked,

    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>Asked to stop; the process that works on it hasn't yet.</summary>
    Cancelling,

    /// <summary>Finished, each item with a result.</summary>
    Completed,

    /// <summary>Finished, with item errors below the job's threshold.</summary>
    CompletedWithErrors,

    /// <summary>Failed: by an error of the whole job, its error threshold, or a dependency that failed.</summary>
    Failed,

    /// <summary>Stopped on request; what was finished is kept.</summary>
    Cancelled,

    /// <summary>Its time ran out before it was finished.</summary>
    Expired,
}
