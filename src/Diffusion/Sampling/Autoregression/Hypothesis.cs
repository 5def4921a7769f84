namespace DiffusionBatch.Diffusion.Sampling.Autoregression;

/// <summary>A beginning of a response, one token longer than the one before it.</summary>
/// <param name="before">What it goes on from; null for the empty one.</param>
/// <param name="token">Its last token.</param>
/// <param name="logProbability">That token's log-probability given all before it.</param>
internal sealed class Hypothesis(Hypothesis? before, int token, float logProbability)
{
    /// <summary>What it goes on from; null for the empty one.</summary>
    public Hypothesis? Before => before;

    /// <summary>Its last token.</summary>
    public int Token => token;

    /// <summary>That token's log-probability given all before it.</summary>
    public float LogProbability => logProbability;

    /// <summary>Tokens, a closing one included.</summary>
    public int Count { get; } = before is null ? 0 : before.Count + 1;

    /// <summary>The sum of their log-probabilities.</summary>
    public double Sum { get; } = before is null ? 0 : before.Sum + logProbability;

    /// <summary>Their mean, the score: sums favour short responses.</summary>
    public double Mean => Count == 0 ? 0 : Sum / Count;

    /// <summary>The empty one.</summary>
    public static Hypothesis Empty { get; } = new(null, -1, 0);

    /// <summary>Its tokens with their log-probabilities, from the first on.</summary>
    public Hypothesis[] Path()
    {
        var path = new Hypothesis[Count];
        for (var at = this; at.Before is { } earlier; at = earlier) path[at.Count - 1] = at;
        return path;
    }
}
