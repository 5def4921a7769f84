namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a submission.</summary>
/// <param name="Status">Whether it was entered.</param>
/// <param name="Job">The root job: the new one, or the one that has the key already.</param>
public sealed record SubmitOutcome(SubmitStatus Status, JobRow Job);
