using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Forward noising processes.</summary>
[LaterValues("mlm", "multinomial", "sedd", "sundae", "mdlm", "autoregressive")]
public enum NoiseProcess
{
    /// <summary>Absorbing diffusion: tokens become the mask and stay it.</summary>
    Absorbing,
}
