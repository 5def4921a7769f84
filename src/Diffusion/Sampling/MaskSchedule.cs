namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>How the number of slots that stay masked falls from N to 0 over S steps.</summary>
public enum MaskSchedule
{
    /// <summary>N cos(pi s / 2S): few slots are written at first, many at the end.</summary>
    Cosine,

    /// <summary>N (S - s) / S.</summary>
    Linear,
}
