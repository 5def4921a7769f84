namespace DiffusionBatch.Pipeline.Index;

/// <summary>What a file of a job's output is.</summary>
public enum ArtifactKind
{
    /// <summary>Results of a shard in a cell.</summary>
    Part,

    /// <summary>The trace beside them.</summary>
    Trace,

    /// <summary>Any other: a model's, a report's.</summary>
    File,
}
