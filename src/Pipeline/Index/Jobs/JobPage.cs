namespace DiffusionBatch.Pipeline.Index;

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">The jobs, the newest first.</param>
/// <param name="Next">What to pass for the next page, or null at the end. Jobs that come in between don't move it.</param>
public sealed record JobPage(IReadOnlyList<JobRow> Jobs, string? Next);
