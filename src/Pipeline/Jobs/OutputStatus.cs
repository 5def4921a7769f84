namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>What stands in a job's output folder before it runs.</summary>
internal enum OutputStatus
{
    /// <summary>Nothing.</summary>
    New,

    /// <summary>Not to be told before another job has run.</summary>
    Unknown,

    /// <summary>Something of this very job that isn't finished.</summary>
    Unfinished,

    /// <summary>All of this very job's output.</summary>
    Finished,

    /// <summary>Something else, that the manifest allows to be replaced.</summary>
    Replaceable,

    /// <summary>Something else.</summary>
    Foreign,
}
