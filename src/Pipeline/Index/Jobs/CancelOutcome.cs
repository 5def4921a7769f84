namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a request to cancel.</summary>
public enum CancelOutcome
{
    /// <summary>There is no such job.</summary>
    Unknown,

    /// <summary>It has ended already; nothing was changed.</summary>
    Ended,

    /// <summary>It is cancelled: nothing worked on it.</summary>
    Cancelled,

    /// <summary>It is being stopped.</summary>
    Cancelling,
}
