namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Where a response's number of tokens comes from.</summary>
public enum LengthSource
{
    /// <summary>The model's length predictor.</summary>
    Predicted,

    /// <summary>The tokens of the line's target.</summary>
    Oracle,

    /// <summary>A given number.</summary>
    Fixed,
}
