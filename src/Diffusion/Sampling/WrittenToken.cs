namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>A token written into a slot.</summary>
/// <param name="Position">The slot, from 0.</param>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Its natural log-probability (untempered) at that time.</param>
public readonly record struct WrittenToken(int Position, int Id, float LogProbability);
