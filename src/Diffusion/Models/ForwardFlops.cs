using DiffusionBatch.Diffusion.Checkpoints;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// Floating-point operations of a forward pass, from the architecture: a multiplication and an addition for each weight of
/// the matrix products and each pair of positions in attention. Embeddings, norms and activations are left out, as is usual.
/// </summary>
public static class ForwardFlops
{
    /// <summary>The operations of one pass over one canvas.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="canvas">L, tokens of the canvas, padding not counted.</param>
    /// <param name="slots">Positions that pass the vocabulary projection.</param>
    public static double Of(ModelConfig config, int canvas, int slots)
    {
        ArgumentNullException.ThrowIfNull(config);
        double length = canvas;
        double attention = 4.0 * config.Family.Attentions(config) * length * length * config.Heads * config.HeadSize; // scores, and values by them
        return 2 * length * config.Family.LayerWeights(config) + attention + 2.0 * slots * config.Family.HeadWeights(config);
    }
}
