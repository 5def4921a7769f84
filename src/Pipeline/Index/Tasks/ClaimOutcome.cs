namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a claim.</summary>
/// <param name="Status">Whether the task is the caller's.</param>
/// <param name="Task">The task, where it is; <see cref="TaskRow.Attempt"/> is the fencing token.</param>
/// <param name="Until">When to try again, where it is held.</param>
public sealed record ClaimOutcome(ClaimStatus Status, TaskRow? Task = null, DateTimeOffset? Until = null);
