namespace DiffusionBatch.Pipeline.Results;

/// <summary>What happened to one candidate's slots, step by step; steps without change are left out.</summary>
/// <param name="Candidate">The candidate's number in its length beam, from 0.</param>
/// <param name="Steps">The steps that changed something.</param>
public sealed record CandidateTrace(int Candidate, IReadOnlyList<TraceStep> Steps);
