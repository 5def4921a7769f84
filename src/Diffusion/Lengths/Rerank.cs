namespace DiffusionBatch.Diffusion.Lengths;

/// <summary>The choice among an item's candidates.</summary>
public static class Rerank
{
    /// <summary>The place of the highest mean score; among equals the earlier candidate.</summary>
    /// <param name="meanScores">A score for each candidate, at least one.</param>
    public static int Best(ReadOnlySpan<double> meanScores)
    {
        int best = 0;
        for (int i = 1; i < meanScores.Length; i++)
            if (meanScores[i] > meanScores[best]) best = i;
        return best;
    }
}
