using DiffusionBatch.Contracts;
using static DiffusionBatch.Contracts.JobState;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Every transition that a job may make; whoever writes a job's state asks here first.</summary>
public static class JobStateMachine
{
    static readonly Dictionary<JobState, JobState[]> s_next = new()
    {
        // To cancelling: it is planned, and its output folder has to say that it was cancelled.
        [Queued] = [Running, Blocked, Cancelling, Failed, Cancelled, Expired],
        [Blocked] = [Queued, Failed, Cancelled, Expired],
        // Back to queued: interrupted, planned, or its process died and another takes it over.
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

    /// <summary>The fewest transitions that lead from one state to the other, without the first; none from a state to itself.</summary>
    /// <exception cref="InvalidOperationException">None lead there.</exception>
    public static IReadOnlyList<JobState> Path(JobState from, JobState to)
    {
        var before = new Dictionary<JobState, JobState> { [from] = from };
        var open = new Queue<JobState>([from]);
        while (!before.ContainsKey(to) && open.TryDequeue(out JobState state))
        {
            foreach (JobState next in s_next[state])
                if (before.TryAdd(next, state)) open.Enqueue(next);
        }
        if (!before.ContainsKey(to)) Demand(from, to);
        var path = new List<JobState>();
        for (JobState state = to; state != from; state = before[state]) path.Insert(0, state);
        return path;
    }

    /// <summary>Refuses an illegal transition.</summary>
    /// <exception cref="InvalidOperationException">The job may not go from one to the other.</exception>
    public static void Demand(JobState from, JobState to)
    {
        if (!Allows(from, to))
            throw new InvalidOperationException($"A job that is {from.Name()} can't become {to.Name()}.");
    }
}

/// <summary>The state of a pipeline, made from its jobs' states.</summary>
public static class PipelineState
{
    /// <summary>The state that a pipeline should have.</summary>
    /// <param name="now">The state that it has.</param>
    /// <param name="jobs">Its jobs' states.</param>
    public static JobState Of(JobState now, IReadOnlyCollection<JobState> jobs)
    {
        if (!jobs.All(s => s.IsFinal()))
        {
            return now is Running or Cancelling ? now : jobs.All(s => s is Queued or Blocked) ? Queued : Running;
        }
        // The worst of them, in this order.
        foreach (JobState state in (JobState[])[Failed, Cancelled, Expired, CompletedWithErrors])
            if (jobs.Contains(state)) return state;
        return Completed;
    }
}
