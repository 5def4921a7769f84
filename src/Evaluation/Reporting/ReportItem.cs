namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>One item with what every cell made of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">Its source; null where it isn't known.</param>
/// <param name="References">Its references.</param>
/// <param name="Hypotheses">One a cell, in the cells' order.</param>
public sealed record ReportItem(string Id, string? Source, IReadOnlyList<string> References, IReadOnlyList<ReportHypothesis> Hypotheses);
