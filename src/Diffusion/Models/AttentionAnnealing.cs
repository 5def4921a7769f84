using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// A step on the way from causal attention to another kind (Gong et al. 2024, DiffuLLaMA, section 3.2): a position sees
/// those before it, and each of the others that the kind allows with a probability that grows to 1. Drawn once a batch.
/// </summary>
/// <param name="Share">The probability, in [0, 1].</param>
/// <param name="Draws">The batch's stream.</param>
public sealed record AttentionAnnealing(double Share, CounterRandom Draws)
{
    /// <summary>The state at a step, null once the way is done.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">Steps of the whole way; 0 for none.</param>
    /// <param name="draws">The batch's stream.</param>
    public static AttentionAnnealing? At(long step, long steps, CounterRandom draws) =>
        step + 1 >= steps ? null : new AttentionAnnealing((step + 1.0) / steps, draws);

    /// <summary>Takes from a mask what isn't open yet.</summary>
    /// <param name="mask">Query by key, row by row. // (B * N * N)</param>
    /// <param name="columns">N.</param>
    public void Apply(Span<bool> mask, int columns)
    {
        for (int i = 0; i < mask.Length; i++)
        {
            int pair = i % (columns * columns), q = pair / columns, k = pair % columns;
            if (k > q && mask[i]) mask[i] = Draws.Uniform(((long)q << 32) + k) < Share;
        }
    }
}
