namespace DiffusionBatch.Diffusion.Sampling.Autoregression;

/// <summary>The likeliest tokens of a row of logits, in one reading of it.</summary>
internal static class LikeliestTokens
{
    /// <summary>
    /// The k tokens of the highest logits, of equals the earlier, in no order; fewer where so many have no weight at all.
    /// </summary>
    /// <param name="logits">// (V)</param>
    /// <param name="k">At least 1.</param>
    public static IEnumerable<int> Of(ReadOnlySpan<float> logits, int k)
    {
        var kept = new PriorityQueue<int, (float Logit, int Later)>(k + 1);
        float least = float.NegativeInfinity;
        for (int token = 0; token < logits.Length; token++)
        {
            if (logits[token] <= least) continue; // an equal one comes later
            kept.Enqueue(token, (logits[token], -token));
            if (kept.Count > k) kept.Dequeue();
            if (kept.Count == k && kept.TryPeek(out _, out var lowest)) least = lowest.Logit;
        }
        return kept.UnorderedItems.Select(item => item.Element);
    }
}
