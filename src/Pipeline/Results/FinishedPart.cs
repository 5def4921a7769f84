namespace DiffusionBatch.Pipeline.Results;

/// <summary>A part that was moved into place.</summary>
/// <param name="Cell">Its cell's index.</param>
/// <param name="Part">Its number.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="Rows">Its results in input order.</param>
internal sealed record FinishedPart(int Cell, int Part, CellCost Cost, IReadOnlyList<ResultRow> Rows);
