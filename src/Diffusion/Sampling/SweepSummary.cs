namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>The real cost of a sweep beside what its trajectories need.</summary>
/// <param name="PassesNeeded">Canvases that the trajectories ask for: the sum of the results' nfe.</param>
/// <param name="PassesComputed">Canvases that went through the model: each distinct one of a prompt once, whatever cells,
/// candidates and items share it.</param>
/// <param name="Batches">Forward passes of the model; each computes a batch of canvases.</param>
/// <param name="Tokens">Tokens of the computed canvases, padding not counted.</param>
/// <param name="Seconds">Seconds in the model, the length predictor's passes included.</param>
public sealed record SweepSummary(long PassesNeeded, long PassesComputed, long Batches, long Tokens, double Seconds)
{
    /// <summary>Tokens through the model per second of it; 0 before the first pass.</summary>
    public double TokensPerSecond => Seconds > 0 ? Tokens / Seconds : 0;
}
