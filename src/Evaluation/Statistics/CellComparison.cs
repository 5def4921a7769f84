using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>Two cells' scores of one metric over the items that both have.</summary>
/// <param name="Metric">The metric's name in the report.</param>
/// <param name="First">One cell.</param>
/// <param name="Second">The other.</param>
/// <param name="Items">The items that both have.</param>
/// <param name="Difference">The first's score less the second's, over these items.</param>
/// <param name="Low">The lower end of the difference's 95 % bootstrap interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Bootstrap">The paired bootstrap.</param>
/// <param name="Randomization">Approximate randomisation.</param>
public sealed record CellComparison(
    string Metric, string First, string Second, int Items, double Difference, double Low, double High, PairedTest Bootstrap,
    PairedTest Randomization);

/// <summary>What a test says of a difference.</summary>
/// <param name="P">How probable a difference at least as large is, were the cells alike; above 0, at most 1.</param>
/// <param name="Corrected">The same, corrected for the number of comparisons of this metric (Benjamini and Hochberg 1995).</param>
public sealed record PairedTest(double P, double Corrected);

/// <summary>How cells are compared.</summary>
/// <param name="Seed">The same seed gives the same p-values.</param>
/// <param name="Resamples">Corpora that the paired bootstrap draws, and trials of the randomisation; 0 for no comparison.</param>
/// <param name="Compare">Which cells are compared; with the best, metrics of which neither end is better are left out.</param>
public sealed record ComparisonOptions(long Seed, int Resamples = 1_000, ComparedCells Compare = ComparedCells.Best);

/// <summary>A metric after all items, with its score.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Score">What <see cref="IMetric.Score"/> said.</param>
public sealed record ScoredMetric(IMetric Metric, MetricScore Score);
