namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>A ROUGE score; a corpus' is the mean over its segments.</summary>
/// <param name="Precision">Matches over the output's words or pairs, 0 to 100.</param>
/// <param name="Recall">Matches over the reference's, 0 to 100.</param>
/// <param name="F">Their harmonic mean, 0 to 100; over a corpus the mean of the segments' F.</param>
/// <param name="Signature">What has to be known to compute it again.</param>
public sealed record RougeScore(double Precision, double Recall, double F, string Signature);
