namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>Where the number of slots comes from.</summary>
public enum LengthSource
{
    /// <summary>The checkpoint's length predictor.</summary>
    Predicted,

    /// <summary>The item's own target.</summary>
    Oracle,

    /// <summary>One number for all items.</summary>
    Fixed,
}
