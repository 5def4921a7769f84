using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>A metric after all items, with its score.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Score">What <see cref="IMetric.Score"/> said.</param>
public sealed record ScoredMetric(IMetric Metric, MetricScore Score);
