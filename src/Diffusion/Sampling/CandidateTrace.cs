namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>What happened to one candidate.</summary>
/// <param name="Candidate">Its place among the item's candidates, from 0.</param>
/// <param name="Steps">The steps that changed something, in order.</param>
public sealed record CandidateTrace(int Candidate, IReadOnlyList<TraceStep> Steps);
