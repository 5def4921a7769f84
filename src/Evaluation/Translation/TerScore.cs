namespace DiffusionBatch.Evaluation.Translation;

/// <summary>A TER score with what it is made of.</summary>
/// <param name="Score">100 times edits over words; 0 is equal, and it may exceed 100.</param>
/// <param name="Signature">sacreBLEU's signature.</param>
/// <param name="Edits">Insertions, deletions, substitutions and shifts to the reference that needs the fewest.</param>
/// <param name="ReferenceLength">Words of the references, averaged over a segment's.</param>
public sealed record TerScore(double Score, string Signature, long Edits, double ReferenceLength);
