namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>How many items a job has, and how they fared. An item counts as errored where any of its results is an error.</summary>
/// <param name="Total">Items in all.</param>
/// <param name="Succeeded">Those with results only.</param>
/// <param name="Errored">Those with an error.</param>
public sealed record ItemCounts(long Total, long Succeeded, long Errored);
