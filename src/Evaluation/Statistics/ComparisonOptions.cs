namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>How cells are compared.</summary>
/// <param name="Seed">The same seed gives the same p-values.</param>
/// <param name="Resamples">Corpora that the paired bootstrap draws, and trials of the randomisation; 0 for no comparison.</param>
/// <param name="Pairs">Which cells are compared.</param>
public sealed record ComparisonOptions(long Seed, int Resamples = 1_000, CellPairs Pairs = CellPairs.Best);
