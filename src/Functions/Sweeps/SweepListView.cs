namespace DiffusionBatch.Functions.Sweeps;

/// <summary>Cells of finished evaluations, the newest first.</summary>
/// <param name="Cells">The cells.</param>
public sealed record SweepListView(IReadOnlyList<SweepView> Cells);
