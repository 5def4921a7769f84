namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Weight of the loss by discrete time t of T.</summary>
public enum LossWeighting
{
    /// <summary>1 - (t - 1) / T.</summary>
    Linear,

    /// <summary>1 / t.</summary>
    Reciprocal,

    /// <summary>1.</summary>
    None,
}
