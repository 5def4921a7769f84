namespace DiffusionBatch.Pipeline.Index;

/// <summary>What was done about a given-up task.</summary>
public enum PoisonState
{
    /// <summary>Nothing yet.</summary>
    Listed,

    /// <summary>It is tried again.</summary>
    Requeued,

    /// <summary>It was struck off the list.</summary>
    Dropped,
}
