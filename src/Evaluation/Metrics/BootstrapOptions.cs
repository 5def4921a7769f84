namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>How a confidence interval is found.</summary>
/// <param name="Seed">The same seed gives the same interval.</param>
/// <param name="Resamples">How many corpora are drawn; 0 means no interval.</param>
public sealed record BootstrapOptions(long Seed, int Resamples = 1_000);
