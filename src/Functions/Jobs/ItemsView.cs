namespace DiffusionBatch.Functions.Jobs;

/// <summary>A job's items.</summary>
/// <param name="Total">In all; absent until the input was read.</param>
/// <param name="Succeeded">With results only, so far.</param>
/// <param name="Errored">With an error, so far.</param>
public sealed record ItemsView(long? Total, long Succeeded, long Errored);
