using static DiffusionBatch.Pipeline.Jobs.JobState;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Every transition that a job may make; whoever writes a job's state asks here first.</summary>
public static class JobStateMachine
{
    static readonly Dictionary<JobState, JobState[]> s_next = new()
    {
        [Queued] = [Running, Blocked, Failed, Cancelled, Expired],
        [Blocked] = [Queued, Failed, Cancelled, Expired],
        // Back to queued: interrupted, or its process died and another takes it over.
        [Running] = [Queued, Cancelling, Completed, CompletedWithErrors, Failed, Expired],
        // What finishes before the request reaches it is finished; a dead process can't answer any more.
        [Cancelling] = [Cancelled, Completed, CompletedWithErrors, Failed, Expired],
        // A job that didn't finish may be run again: it resumes from what it left.
        [Failed] = [Queued],
        [Cancelled] = [Queued],
        [Expired] = [Queued],
        [Completed] = [],
        [CompletedWithErrors] = [],
    };

    /// <summary>Whether a job may go from one state to the other. A state isn't its own successor.</summary>
    public static bool Allows(JobState from, JobState to) => Array.IndexOf(s_next[from], to) >= 0;

    /// <summary>The states that may come before a state.</summary>
    public static IReadOnlyList<JobState> Before(JobState to) =>
        [.. s_next.Where(p => Array.IndexOf(p.Value, to) >= 0).Select(p => p.Key)];

    /// <summary>Refuses an illegal transition.</summary>
    /// <exception cref="InvalidOperationException">The job may not go from one to the other.</exception>
    public static void Demand(JobState from, JobState to)
    {
        if (!Allows(from, to))
            throw new InvalidOperationException($"A job that is {from.Name()} can't become {to.Name()}.");
    }
}
