namespace DiffusionBatch.Functions.Sweeps;

/// <summary>A metric's score.</summary>
/// <param name="Score">The score; absent where it isn't defined.</param>
/// <param name="Low">The lower end of its interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Signature">How it was computed.</param>
public sealed record ScoreView(double? Score, double? Low, double? High, string? Signature);
