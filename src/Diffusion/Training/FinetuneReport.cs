using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>What came of a finetune.</summary>
public sealed record FinetuneReport
{
    /// <summary>Training pairs.</summary>
    public required int TrainPairs { get; init; }

    /// <summary>Training pairs that were cut from the left.</summary>
    public required int TrainTruncated { get; init; }

    /// <summary>Validation pairs.</summary>
    public required int ValidationPairs { get; init; }

    /// <summary>Validation pairs that were cut from the left.</summary>
    public required int ValidationTruncated { get; init; }

    /// <summary>V of the model.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The model's number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>How many of them were trained.</summary>
    public required long TrainedParameters { get; init; }

    /// <summary>The arithmetic that was taken: float32 or bfloat16.</summary>
    public required Precision Precision { get; init; }

    /// <summary>What the user should know of how it was trained, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The step from which the run went on; 0 for a fresh one.</summary>
    public required long ResumedFrom { get; init; }

    /// <summary>The evaluations of training and then of the length predictor: the lines of train.jsonl.</summary>
    public required IReadOnlyList<EvaluationRecord> Evaluations { get; init; }

    /// <summary>The validation loss before the first step; null without validation pairs.</summary>
    public double? InitialValidationLoss { get; init; }

    /// <summary>The last validation loss; null without validation pairs.</summary>
    public double? ValidationLoss => Of("train").LastOrDefault()?.ValidationLoss;

    /// <summary>The lowest validation loss; the weights kept are nevertheless the last ones.</summary>
    public double? BestValidationLoss => Of("train").Min(e => e.ValidationLoss);

    /// <summary>The step of <see cref="BestValidationLoss"/>.</summary>
    public long? BestStep => Of("train").Where(e => e.ValidationLoss is not null).MinBy(e => e.ValidationLoss)?.Step;

    /// <summary>The length predictor's last validation loss (cross entropy); null without one.</summary>
    public double? LengthLoss => Of("length").LastOrDefault()?.ValidationLoss;

    /// <summary>Tokens a second over this run's training steps, padding left out, copies counted.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Seconds of this run.</summary>
    public required double Seconds { get; init; }

    IEnumerable<EvaluationRecord> Of(string phase) => Evaluations.Where(e => e.Phase == phase);
}
