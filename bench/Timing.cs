namespace DiffusionBatch.Bench;

/// <summary>Seconds of one call: the median of the samples, and the best, which a busy machine disturbs least.</summary>
internal readonly record struct Timing(double Median, double Best);
