using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>sacreBLEU's smoothing methods.</summary>
public enum BleuSmoothing
{
    /// <summary>Exponential decay.</summary>
    Exp,

    /// <summary>A small value in place of zero.</summary>
    Floor,

    /// <summary>A value added to the counts above unigrams.</summary>
    [Literal("add-k")]
    AddK,

    /// <summary>No smoothing.</summary>
    None,
}
