namespace DiffusionBatch.Diffusion.Training;

/// <summary>How the length predictor is trained, the backbone frozen.</summary>
public sealed record LengthPredictorSettings
{
    /// <summary>Updates of the predictor's weights.</summary>
    public int Steps { get; init; } = 500;

    /// <summary>The highest learning rate; it rises over a tenth of the steps and falls along a cosine.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>What is wrong with the settings, a line each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (Steps < 1) problems.Add($"length.predictor.steps is {Steps}; expected at least 1");
        if (LearningRate is not (> 0 and < double.PositiveInfinity)) problems.Add($"length.predictor.learningRate is {LearningRate}; expected more than 0");
        return problems;
    }
}
