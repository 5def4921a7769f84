namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>How one candidate of one item came about in one cell, step by step.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Cell">The cell's place among the report's cells.</param>
/// <param name="Candidate">The candidate's number in its length beam, from 0.</param>
/// <param name="Steps">The steps that changed something, in order.</param>
public sealed record ReportTrace(string Id, int Cell, int Candidate, IReadOnlyList<ReportTraceStep> Steps);
