namespace DiffusionBatch.Diffusion.Training;

/// <summary>What a <see cref="TrainingLoop"/> did.</summary>
/// <param name="ResumedFrom">The step from which it went on; 0 for a fresh run.</param>
/// <param name="Evaluations">All evaluations, those before the resumption included.</param>
/// <param name="Tokens">Tokens seen in this run.</param>
/// <param name="Seconds">Seconds of this run.</param>
sealed record TrainingOutcome(long ResumedFrom, IReadOnlyList<EvaluationRecord> Evaluations, long Tokens, double Seconds)
{
    /// <summary>The validation loss before the first step; null without validation data.</summary>
    public double? InitialValidationLoss { get; init; }

    /// <summary>That the loss rose, in a sentence; null where it didn't.</summary>
    public string? Warning { get; init; }
}
