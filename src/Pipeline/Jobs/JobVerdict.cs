namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>How a run of a manifest ended, as the command line's exit codes tell it apart.</summary>
public enum JobVerdict
{
    /// <summary>All jobs are finished, each item with a result.</summary>
    Done,

    /// <summary>All jobs are finished; some items have errors, below their jobs' thresholds.</summary>
    DoneWithErrors,

    /// <summary>A job failed.</summary>
    Failed,

    /// <summary>The manifest, an input or a checkpoint is wrong; nothing was written.</summary>
    BadInput,

    /// <summary>Stopped on request; the same command goes on from here.</summary>
    Interrupted,
}
