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
        double d = config.HiddenSize, f = config.FeedForwardSize, length = canvas;
        double layer = 2 * length * (4 * d * d + 2 * d * f) // query, key, value, output; both feed-forward products
            + 4 * length * length * d; // scores, and values by them
        double head = 2 * slots * (d * d + d * config.VocabularySize);
        return config.Layers * layer + head;
    }
}
