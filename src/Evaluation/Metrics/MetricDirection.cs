namespace DiffusionBatch.Evaluation.Metrics;

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
