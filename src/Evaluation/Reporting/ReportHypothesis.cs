namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>What a cell made of an item.</summary>
/// <param name="Text">Its text; null where there is none.</param>
/// <param name="Error">Why there is none.</param>
public sealed record ReportHypothesis(string? Text, string? Error = null);
