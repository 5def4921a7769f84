namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>How far the loading of weights has come.</summary>
/// <param name="Bytes">Bytes of the files that were read.</param>
/// <param name="AllBytes">Bytes of all tensors in the files.</param>
public sealed record LoadProgress(long Bytes, long AllBytes);
