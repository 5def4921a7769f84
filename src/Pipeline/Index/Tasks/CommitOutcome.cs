namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a commit.</summary>
/// <param name="Committed">False: fenced off. Another has the task, or its job has ended; nothing was changed.</param>
/// <param name="LastOfJob">No task of the job is open any more; its <c>finalize</c> message is in the outbox.</param>
/// <param name="ReadyParent">
/// The task that this one was the last half of: it is queued again, with a message in the outbox; whoever claims it
/// puts its part together.
/// </param>
public sealed record CommitOutcome(bool Committed, bool LastOfJob = false, int? ReadyParent = null)
{
    /// <summary>Nothing was changed.</summary>
    public static CommitOutcome Fenced { get; } = new(false);
}
