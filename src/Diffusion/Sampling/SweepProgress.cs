namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>How far a sweep is.</summary>
/// <param name="Done">Results finished.</param>
/// <param name="Total">Results in all, items times cells; null while the number of items isn't known.</param>
/// <param name="Summary">The cost so far.</param>
/// <param name="Elapsed">Wall time since the start.</param>
/// <param name="Remaining">Wall time left at the present rate; null while unknown.</param>
public sealed record SweepProgress(long Done, long? Total, SweepSummary Summary, TimeSpan Elapsed, TimeSpan? Remaining);
