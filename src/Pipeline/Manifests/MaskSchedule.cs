namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>How many of N slots stay masked after step s of S.</summary>
public enum MaskSchedule
{
    /// <summary>floor(N cos(pi s / 2S)).</summary>
    Cosine,

    /// <summary>floor(N (S - s) / S).</summary>
    Linear,
}
