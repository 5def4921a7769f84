namespace DiffusionBatch.Pipeline.Index;

/// <summary>How urgent a job's tasks are; each has its own queue.</summary>
public enum JobPriority
{
    /// <summary>Before all others.</summary>
    High,

    /// <summary>The usual.</summary>
    Normal,

    /// <summary>When nothing else is waiting.</summary>
    Low,
}
