namespace DiffusionBatch.Functions.Jobs;

/// <summary>A page of a list of jobs, the newest first.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="Next">The cursor of the next page; absent at the end.</param>
public sealed record JobListView(IReadOnlyList<JobView> Jobs, string? Next);
