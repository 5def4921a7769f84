namespace DiffusionBatch.Evaluation.Translation;

/// <summary>A chrF score.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Signature">sacreBLEU's signature.</param>
public sealed record ChrfScore(double Score, string Signature);
