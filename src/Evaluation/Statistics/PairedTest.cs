namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>What a test says of a difference.</summary>
/// <param name="P">How probable a difference at least as large is, were the cells alike; above 0, at most 1.</param>
/// <param name="Corrected">The same, corrected for the number of comparisons of this metric (Benjamini and Hochberg 1995).</param>
public sealed record PairedTest(double P, double Corrected);
