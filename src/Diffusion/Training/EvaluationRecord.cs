using System.Text.Json;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>One line of <c>train.jsonl</c>: what was known at an evaluation. Holds no times, so it is the same in every run.</summary>
/// <param name="Phase">train or length.</param>
/// <param name="Step">The step after which it was made.</param>
/// <param name="Loss">The mean training loss since the evaluation before.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="ValidationLoss">The validation loss, the noise being the same at each evaluation; null without validation data.</param>
public sealed record EvaluationRecord(string Phase, long Step, double Loss, double LearningRate, double? ValidationLoss)
{
    static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The record as a line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
