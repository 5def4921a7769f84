namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>One step's changes; positions are counted in slots, from 0.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Write">The tokens written, each with its log-probability at that time.</param>
/// <param name="Mask">The slots that became masks again.</param>
public sealed record ReportTraceStep(int Step, IReadOnlyList<(int Position, int Id, float LogProbability)> Write, IReadOnlyList<int> Mask);
