namespace DiffusionBatch.Pipeline.Results;

/// <summary>One step's changes; positions are counted in slots, from 0.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Write">The tokens written.</param>
/// <param name="Mask">The slots that became masks again.</param>
public sealed record TraceStep(int Step, IReadOnlyList<TraceWrite> Write, IReadOnlyList<int> Mask);
