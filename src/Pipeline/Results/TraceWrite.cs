namespace DiffusionBatch.Pipeline.Results;

/// <summary>A token that was written to a slot.</summary>
/// <param name="Position">The slot, from 0.</param>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Its log-probability at that time.</param>
public readonly record struct TraceWrite(int Position, int Id, float LogProbability);
