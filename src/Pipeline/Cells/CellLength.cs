using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Cells;

/// <summary>Where a cell's response lengths come from.</summary>
/// <param name="Source">The source.</param>
/// <param name="Value">Tokens of each response, at least 1; null unless the source is fixed.</param>
/// <param name="Beam">Number of predicted lengths tried, at least 1; 1 unless the source is predicted.</param>
public sealed record CellLength(LengthSource Source, int? Value, int Beam);
