namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// Floating-point operations of a forward pass, from the architecture: a multiplication and an addition for each weight of
/// the matrix products and each pair of positions in attention. Embeddings, norms and activations are left out, as is usual.
/// </summary>
public static class ForwardFlops
{
    /// <summary>The operations of one pass over one canvas.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="prompt">Tokens of the prompt, which matter apart where an encoder reads them.</param>
    /// <param name="canvas">L, tokens of the canvas, prompt and response, padding not counted.</param>
    /// <param name="slots">Positions that pass the vocabulary projection.</param>
    public static double Of(ModelConfig config, int prompt, int canvas, int slots)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Family.BodyFlops(config, prompt, canvas) + 2.0 * slots * config.Family.HeadWeights(config);
    }
}
