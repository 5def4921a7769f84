namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>Which cells are compared with each other.</summary>
public enum CellPairs
{
    /// <summary>Each with the one that scores best; metrics of which neither end is better are left out.</summary>
    Best,

    /// <summary>All with all.</summary>
    All,

    /// <summary>None.</summary>
    None,
}
