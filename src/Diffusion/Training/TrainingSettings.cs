namespace DiffusionBatch.Diffusion.Training;

/// <summary>How a model is trained.</summary>
public sealed record TrainingSettings
{
    /// <summary>Updates of the weights.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>Rows times longest row of a batch, before sequences are copied for coupled times.</summary>
    public int BatchTokens { get; init; } = 4096;

    /// <summary>Batches whose gradients are averaged in one step.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>The lowest learning rate after the warmup.</summary>
    public double MinLearningRate { get; init; }

    /// <summary>Steps in which the rate rises.</summary>
    public int WarmupSteps { get; init; } = 300;

    /// <summary>The curve after the warmup.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>AdamW's first decay rate, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's second decay rate, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>AdamW's epsilon.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay, on all parameters, as in the published training code.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Gradients longer than this are scaled to it; 0 turns clipping off.</summary>
    public double ClipNorm { get; init; } = 1.0;

    /// <summary>Steps between two validation losses; 0: only after the last step.</summary>
    public int EvaluateEvery { get; init; } = 500;

    /// <summary>Steps between two checkpoints; 0: only after the last step and when cancelled.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Keep each layer's input alone and compute the layer again for its gradients.</summary>
    public bool RecomputeActivations { get; init; }

    /// <summary>The arithmetic.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>The learning rates.</summary>
    public LearningRateSchedule LearningRates => new(Schedule, LearningRate, MinLearningRate, WarmupSteps, Steps);

    /// <summary>What is wrong with the settings, a line each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        void Check(bool ok, string name, object value, string expected)
        {
            if (!ok) problems.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {value}; expected {expected}"));
        }
        Check(Steps >= 1, "steps", Steps, "at least 1");
        Check(BatchTokens >= 1, "batchTokens", BatchTokens, "at least 1");
        Check(Accumulate >= 1, "accumulate", Accumulate, "at least 1");
        Check(LearningRate is > 0 and < double.PositiveInfinity, "learningRate", LearningRate, "more than 0");
        Check(MinLearningRate >= 0 && MinLearningRate <= LearningRate, "minLearningRate", MinLearningRate, "from 0 to learningRate");
        Check(WarmupSteps >= 0 && WarmupSteps <= Steps, "warmupSteps", WarmupSteps, "from 0 to steps");
        Check(Beta1 is >= 0 and < 1, "betas[0]", Beta1, "from 0 to below 1");
        Check(Beta2 is >= 0 and < 1, "betas[1]", Beta2, "from 0 to below 1");
        Check(Epsilon > 0, "epsilon", Epsilon, "more than 0");
        Check(WeightDecay >= 0, "weightDecay", WeightDecay, "not negative");
        Check(ClipNorm >= 0, "clipNorm", ClipNorm, "not negative");
        Check(EvaluateEvery >= 0, "evaluateEvery", EvaluateEvery, "not negative");
        Check(CheckpointEvery >= 0, "checkpointEvery", CheckpointEvery, "not negative");
        return problems;
    }
}
