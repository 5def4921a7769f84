namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>One cell of a sweep: every item is sampled once in each.</summary>
/// <param name="Sampler">How to denoise.</param>
/// <param name="Length">How many slots.</param>
public sealed record SweepCell(SamplerSettings Sampler, LengthSettings Length);
