namespace DiffusionBatch.Pipeline.Index;

/// <summary>A call of an operation.</summary>
/// <param name="Now">When it was made, to the millisecond that the index keeps.</param>
/// <param name="Retried">Whether it was tried before, and an earlier try may have been kept although its answer was lost.</param>
internal sealed record IndexCall(DateTimeOffset Now, bool Retried);
