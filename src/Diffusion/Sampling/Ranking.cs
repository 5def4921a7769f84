namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>By what the slots are ranked, always followed by position.</summary>
public enum Ranking
{
    /// <summary>The log-probability of the current prediction.</summary>
    Deterministic,

    /// <summary>The same plus fresh Gumbel noise per step and slot, times the noise scale, times the schedule's rate.</summary>
    Stochastic,
}
