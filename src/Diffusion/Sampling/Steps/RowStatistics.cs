namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>What a step may read of a prediction that takes a whole row of logits.</summary>
[Flags]
public enum RowStatistics
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>p1 - p2.</summary>
    Margin = 1,

    /// <summary>The entropy, in nats.</summary>
    Entropy = 2,

    /// <summary>The row itself: nothing is shared with trajectories that came to the same canvas before.</summary>
    Logits = 4,
}

/// <summary>Computes them, in float64.</summary>
internal static class RowStatistic
{
    /// <summary>p1 - p2, and - sum p log(p + 1e-10) as Dream's published sampler has it.</summary>
    /// <param name="logits">(V)</param>
    /// <param name="logNormalizer">log of the sum of exp(logits).</param>
    public static (float Margin, float Entropy) Of(ReadOnlySpan<float> logits, float logNormalizer)
    {
        double first = 0, second = 0, entropy = 0;
        foreach (float logit in logits)
        {
            double p = Math.Exp((double)logit - logNormalizer); // 0 for the mask's -inf
            entropy -= p * Math.Log(p + 1e-10);
            if (p > first) (first, second) = (p, first);
            else if (p > second) second = p;
        }
        return ((float)(first - second), (float)entropy);
    }
}
