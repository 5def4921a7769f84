namespace DiffusionBatch.Diffusion.Training;

/// <summary>How the learning rate goes on after its warmup.</summary>
public enum ScheduleKind
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>A straight line down to the minimum.</summary>
    Linear,

    /// <summary>Half a cosine wave down to the minimum.</summary>
    Cosine,

    /// <summary>Peak times sqrt(warmup / step), never below the minimum.</summary>
    InverseSqrt,
}
