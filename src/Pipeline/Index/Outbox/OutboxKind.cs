namespace DiffusionBatch.Pipeline.Index;

/// <summary>What a message asks for.</summary>
public enum OutboxKind
{
    /// <summary>A job is to be planned.</summary>
    Plan,

    /// <summary>A job's tasks are done, or it is to end otherwise.</summary>
    Finalize,

    /// <summary>A task is to be worked on.</summary>
    Task,
}
