namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>A metric's score over a corpus.</summary>
/// <param name="Score">The score, on the metric's own scale.</param>
/// <param name="Signature">What has to be known to compute it again.</param>
/// <param name="Low">The lower end of the 95 % bootstrap interval, or null where none was asked for.</param>
/// <param name="High">The upper end.</param>
public sealed record MetricScore(double Score, string Signature, double? Low = null, double? High = null)
{
    /// <summary>The standard deviation of what the score is the mean of: items, or for MAUVE seeds; null where it is no mean.</summary>
    public double? Spread { get; init; }

    /// <summary>Which of two scores is the better.</summary>
    public MetricDirection Better { get; init; }
}
