namespace DiffusionBatch.Diffusion.Processes;

/// <summary>The weight w(t) of a masked token's cross entropy at time t of 1..T.</summary>
public enum LossWeighting
{
    /// <summary>T - (t - 1): RDM's lambda(t) = 1 - (t - 1) / T, times T.</summary>
    Linear,

    /// <summary>T / t: the weight of the likelihood bound (reference section 0).</summary>
    Reciprocal,

    /// <summary>T at each t.</summary>
    None,
}
