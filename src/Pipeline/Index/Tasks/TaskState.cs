namespace DiffusionBatch.Pipeline.Index;

/// <summary>The states of a task.</summary>
public enum TaskState
{
    /// <summary>Waits for a worker.</summary>
    Queued,

    /// <summary>A worker holds it, or held it and is gone: see its lease.</summary>
    Running,

    /// <summary>Finished; its files are there.</summary>
    Completed,

    /// <summary>Waits for the tasks that it was split into; then it is queued again, to be put together from theirs.</summary>
    Split,

    /// <summary>Given up; it is on the poison list. As far as others wait for it, it is done.</summary>
    Poisoned,

    /// <summary>Its job ended before it did.</summary>
    Cancelled,
}
