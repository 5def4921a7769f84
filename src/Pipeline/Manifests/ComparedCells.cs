namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Which cells of an evaluation are compared with each other.</summary>
public enum ComparedCells
{
    /// <summary>Each with the best one.</summary>
    Best,

    /// <summary>All with all.</summary>
    All,

    /// <summary>None.</summary>
    None,
}
