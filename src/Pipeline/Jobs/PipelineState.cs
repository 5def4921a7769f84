using static DiffusionBatch.Pipeline.Jobs.JobState;

namespace DiffusionBatch.Pipeline.Jobs;

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
