using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Named sampling strategies.</summary>
public enum SamplerPreset
{
    /// <summary>Reparameterized discrete diffusion: the most certain positions first.</summary>
    Rdm,

    /// <summary>The leftmost open position each step.</summary>
    [Literal("left-to-right")]
    LeftToRight,
}
