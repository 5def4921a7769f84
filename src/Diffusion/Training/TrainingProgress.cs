namespace DiffusionBatch.Diffusion.Training;

/// <summary>Where a finetune stands.</summary>
/// <param name="Phase">load, tokenizer, encode, precision, train, length or write.</param>
/// <param name="Step">Steps done in this phase; bytes while loading.</param>
/// <param name="Steps">All steps of this phase.</param>
public sealed record TrainingProgress(string Phase, long Step, long Steps)
{
    /// <summary>The loss of the last step, or null outside training.</summary>
    public double? Loss { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Tokens seen a second since this run started or resumed, padding left out, copies counted.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Seconds that are left in this phase at the pace so far.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>The last validation loss.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// A sentence for the log: what was decided where a checkpoint's files don't agree, which precision was taken; otherwise null.
    /// </summary>
    public string? Note { get; init; }
}
