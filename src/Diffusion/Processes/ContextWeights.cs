namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// CART, the context-adaptive weights of Dream (Ye et al. 2025, arXiv 2508.15487): a masked position counts for more the more visible
/// tokens stand near it, <code>w_i = sum over visible j of 1/2 p (1 - p)^(|i - j| - 1)</code> in place of a weight of the noise level.
/// Prompts are visible.
/// </summary>
public static class ContextWeights
{
    /// <summary>p, where a manifest doesn't say.</summary>
    public const double Usual = 0.3;

    /// <summary>The weights of a row's masked positions; 0 for all others. // (n)</summary>
    /// <param name="masked">Which are. // (n)</param>
    /// <param name="p">Of (0, 1): the nearer to 1, the nearer a token must stand.</param>
    public static double[] Of(ReadOnlySpan<bool> masked, double p)
    {
        double[] weights = new double[masked.Length];
        for (int direction = 0; direction < 2; direction++)
        {
            double near = 0; // the sum over what lies behind, (1 - p) less with each step
            for (int k = 0; k < masked.Length; k++)
            {
                int i = direction == 0 ? k : masked.Length - 1 - k;
                if (masked[i]) weights[i] += near;
                near = (near * (1 - p)) + (masked[i] ? 0 : p / 2);
            }
        }
        return weights;
    }
}
