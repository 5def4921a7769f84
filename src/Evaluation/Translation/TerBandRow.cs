namespace DiffusionBatch.Evaluation.Translation;

/// <summary>A row of TER's band.</summary>
/// <param name="Start">Its first column.</param>
/// <param name="End">The column after its last.</param>
/// <param name="Low">The first column that there is a cell for.</param>
/// <param name="Width">The number of cells.</param>
/// <param name="Cell">Its first cell.</param>
internal readonly record struct TerBandRow(int Start, int End, int Low, int Width, int Cell);
