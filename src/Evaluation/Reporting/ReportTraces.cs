namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>The traces that a report's page can play.</summary>
/// <param name="Traces">At least one; an item's candidates stand together.</param>
/// <param name="Tokens">The texts of the tokens, with the blanks that belong to them; tokens without a text are shown by their ids.</param>
/// <param name="Note">What the reader should know: which traces these are, and where the others lie.</param>
public sealed record ReportTraces(IReadOnlyList<ReportTrace> Traces, IReadOnlyDictionary<int, string> Tokens, string Note);
