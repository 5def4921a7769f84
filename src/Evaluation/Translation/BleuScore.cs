namespace DiffusionBatch.Evaluation.Translation;

/// <summary>A BLEU score with what it is made of.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Signature">sacreBLEU's signature.</param>
/// <param name="Counts">Clipped matches of orders 1 to 4.</param>
/// <param name="Totals">The hypotheses' n-grams of orders 1 to 4.</param>
/// <param name="Precisions">Smoothed precisions of orders 1 to 4, 0 to 100.</param>
/// <param name="BrevityPenalty">exp(1 - r/c) where the system's output is shorter than the references, otherwise 1.</param>
/// <param name="SystemLength">c: the hypotheses' tokens.</param>
/// <param name="ReferenceLength">r: the tokens of the references closest in length.</param>
public sealed record BleuScore(
    double Score, string Signature, IReadOnlyList<long> Counts, IReadOnlyList<long> Totals, IReadOnlyList<double> Precisions,
    double BrevityPenalty, long SystemLength, long ReferenceLength);
