namespace DiffusionBatch.Diffusion.Training;

/// <summary>What a <see cref="TrainingLoop"/> did.</summary>
/// <param name="ResumedFrom">The step from which it went on; 0 for a fresh run.</param>
/// <param name="Evaluations">All evaluations, those before the resumption included.</param>
/// <param name="Tokens">Tokens seen in this run.</param>
/// <param name="Seconds">Seconds of this run.</param>
sealed record TrainingOutcome(long ResumedFrom, IReadOnlyList<EvaluationRecord> Evaluations, long Tokens, double Seconds);
