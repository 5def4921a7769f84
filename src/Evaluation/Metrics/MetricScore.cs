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

    /// <summary>exp of the score, where that is a perplexity; null otherwise.</summary>
    public double? Perplexity { get; init; }

    /// <summary>The same by each of the conventions in use, in their order, where there are several; null otherwise.</summary>
    public IReadOnlyList<KeyValuePair<string, double>>? Conventions { get; init; }

    /// <summary>Whether the scale is 0 to 100.</summary>
    public bool IsPercentage { get; init; } = true;

    /// <summary>Which of two scores is the better.</summary>
    public MetricDirection Better { get; init; }
}

/// <summary>Which of two scores of a metric is the better.</summary>
public enum MetricDirection
{
    /// <summary>The higher, as with BLEU.</summary>
    Higher,

    /// <summary>The lower, as with TER and perplexity.</summary>
    Lower,

    /// <summary>Neither: the metric describes, as a ratio of lengths or an entropy does.</summary>
    Neither,
}

/// <summary>One item as metrics see it.</summary>
/// <param name="Id">Its id; pairs of cells are compared item by item under it.</param>
/// <param name="Hypothesis">The system's output; empty where there is none.</param>
/// <param name="References">At least one text.</param>
public readonly record struct MetricItem(string Id, string Hypothesis, IReadOnlyList<string> References)
{
    /// <summary>The output's tokens as the model's ids, where the line gives them.</summary>
    public int[]? Ids { get; init; }

    /// <summary>The texts among which the reference line has the item choose; empty where it names none.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The natural logarithm of the output's probability under the scoring model, where the line gives it.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>The tokens that <see cref="LogLikelihood"/> is over, where the line gives them.</summary>
    public long? Tokens { get; init; }

    /// <summary>Ends the work on the item, which may take seconds where texts are long.</summary>
    public CancellationToken Cancellation { get; init; }
}
