using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Forward noising processes.</summary>
[LaterValues("multinomial", "sedd", "sundae", "mdlm", "autoregressive")]
public enum NoiseProcess
{
    /// <summary>Absorbing diffusion: tokens become the mask and stay it.</summary>
    Absorbing,

    /// <summary>Masked-language-model training: one share of a text's tokens.</summary>
    Mlm,
}
