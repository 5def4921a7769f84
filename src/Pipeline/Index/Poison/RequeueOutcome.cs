namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a request to try a given-up task again.</summary>
public enum RequeueOutcome
{
    /// <summary>It is queued, its failures forgotten; its job too, where that had failed.</summary>
    Requeued,

    /// <summary>The list has no such row, or it was dealt with already.</summary>
    NotListed,

    /// <summary>Its result is written, as an error: the job is finished, or the part is. Only a new job can replace it.</summary>
    Written,
}
