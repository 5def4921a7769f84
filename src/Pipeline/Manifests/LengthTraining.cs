using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>How response lengths are learned.</summary>
public sealed record LengthTraining
{
    /// <summary>The length predictor's training; null for no predictor.</summary>
    [Field("Trains a small network that predicts a response's length from its prompt; without it, sampling needs given lengths.", Default = "no predictor")]
    public LengthPredictorTraining? Predictor { get; init; }
}
