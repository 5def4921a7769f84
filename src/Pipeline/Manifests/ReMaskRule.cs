namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Which positions a step may mask again.</summary>
public enum ReMaskRule
{
    /// <summary>Any: the least certain of all.</summary>
    Uncond,

    /// <summary>Only those that were masked before the step.</summary>
    Cond,
}
