using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>How response lengths are learned.</summary>
public sealed record LengthTraining
{
    /// <summary>The length predictor's training; null for no predictor.</summary>
    [Field("Trains a small network that predicts a response's length from its prompt; without it, sampling needs given lengths.",
        Default = "no predictor")]
    public LengthPredictorTraining? Predictor { get; init; }
}

/// <summary>The length predictor's training.</summary>
public sealed record LengthPredictorTraining
{
    /// <summary>Optimizer steps of the predictor.</summary>
    [Field("Number of optimizer steps of the length predictor, after the model's own training.")]
    [Within(1, 100000000)]
    public int Steps { get; init; } = 500;
}
