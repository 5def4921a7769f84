namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>One step that changed the canvas.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Write">The slots that got a token, by position.</param>
/// <param name="Mask">The slots that lost theirs, by position.</param>
public sealed record TraceStep(int Step, IReadOnlyList<WrittenToken> Write, IReadOnlyList<int> Mask);
