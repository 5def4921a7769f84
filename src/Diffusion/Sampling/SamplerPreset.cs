namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>A named combination of the sampler's choices.</summary>
public enum SamplerPreset
{
    /// <summary>Reparameterized discrete diffusion (Zheng et al. 2023, the decoding of Ye et al. 2023): confident slots are written, unsure ones (re)masked, on a schedule of S steps.</summary>
    Rdm,

    /// <summary>The leftmost open slot is written at each step; always as many steps as slots.</summary>
    LeftToRight,
}
