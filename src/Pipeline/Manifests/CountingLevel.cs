namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Over what a metric counts.</summary>
public enum CountingLevel
{
    /// <summary>All texts together.</summary>
    Corpus,

    /// <summary>Each text, averaged.</summary>
    Sequence,
}
