namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The learning rate after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Stays at the peak.</summary>
    Constant,

    /// <summary>Falls on a straight line to the minimum.</summary>
    Linear,

    /// <summary>Falls on half a cosine to the minimum.</summary>
    Cosine,

    /// <summary>Falls with the inverse square root of the step.</summary>
    InverseSqrt,
}
