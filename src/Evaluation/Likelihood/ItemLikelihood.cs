namespace DiffusionBatch.Evaluation.Likelihood;

/// <summary>What a scoring model thinks of a text.</summary>
/// <param name="LogLikelihood">The natural logarithm of its probability, summed over its tokens.</param>
/// <param name="Tokens">The scoring model's tokens that it is over; null where nobody says.</param>
internal readonly record struct ItemLikelihood(double LogLikelihood, long? Tokens);
