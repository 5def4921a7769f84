using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The length predictor's training.</summary>
public sealed record LengthPredictorTraining
{
    /// <summary>Optimizer steps of the predictor.</summary>
    [Field("Number of optimizer steps of the length predictor, after the model's own training.")]
    [Within(1, 100000000)]
    public int Steps { get; init; } = 500;
}
