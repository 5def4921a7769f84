using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>Steps, batches and the optimizer (AdamW).</summary>
public sealed record TrainingSettings
{
    /// <summary>Optimizer steps.</summary>
    [Field("Number of optimizer steps.")]
    [Within(1, 100000000)]
    public int Steps { get; init; } = 3000;

    /// <summary>Token budget of a batch, padding included.</summary>
    [Field("Token budget of a batch, padding included.")]
    [Within(1, 16777216)]
    public int BatchTokens { get; init; } = 4096;

    /// <summary>Batches whose gradients make one step.</summary>
    [Field("Number of batches whose gradients are summed for one step.")]
    [Within(1, 65536)]
    public int Accumulate { get; init; } = 1;

    /// <summary>Peak learning rate.</summary>
    [Field("Learning rate at its peak.")]
    [Within(0, 10, AboveMinimum = true)]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Learning rate that the schedule doesn't go below.</summary>
    [Field("Learning rate that the schedule ends at; at most `learningRate`.")]
    [Within(0, 10)]
    public double MinLearningRate { get; init; }

    /// <summary>Steps over which the learning rate rises; null for a tenth of <see cref="Steps"/>.</summary>
    [Field("Number of steps over which the learning rate rises from 0 to its peak; at most `steps`.", Default = "a tenth of `steps`")]
    [Within(0, 100000000)]
    public int? WarmupSteps { get; init; }

    /// <summary>The learning rate after the warm-up.</summary>
    [Field("How the learning rate goes on after its rise.")]
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Adam's two decay rates, each in [0, 1).</summary>
    [Field("Adam's decay rates of the gradient's mean and of its square.")]
    [Count(2, 2), Within(0, 1, BelowMaximum = true)]
    public IReadOnlyList<double> Betas { get; init; } = [0.9, 0.98];

    /// <summary>Adam's epsilon.</summary>
    [Field("Adam's epsilon.")]
    [Within(0, 1, AboveMinimum = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay.</summary>
    [Field("Decoupled weight decay.")]
    [Within(0, 1)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Largest norm of the gradient; 0 for no clipping.</summary>
    [Field("Largest norm of the gradient, to which a larger one is scaled down; 0 for no bound.")]
    [Within(0, 1e9)]
    public double ClipNorm { get; init; } = 1.0;

    /// <summary>Steps between two measurements of the validation loss.</summary>
    [Field("Number of steps between two measurements of the validation loss; 0 for one after the last step alone.")]
    [Within(0, 100000000)]
    public int EvaluateEvery { get; init; } = 500;

    /// <summary>Steps between two checkpoints that an interrupted job resumes from.</summary>
    [Field("Number of steps between two checkpoints; an interrupted job goes on from the last one, to the same bytes. 0 for none but "
        + "when the job is stopped.")]
    [Within(0, 100000000)]
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Whether layers are computed again for their gradients.</summary>
    [Field("Whether each layer's input alone is kept and the layer computed again for its gradients: less memory, about a third "
        + "more work.")]
    public bool RecomputeActivations { get; init; }

    /// <summary>The arithmetic of training.</summary>
    [Field("The arithmetic of training: `float32` throughout; `bfloat16` matrix products, with weights, optimizer, normalisation and "
        + "loss in float32; `auto` the latter on CUDA and, from hidden size 256 on, where the CPU has instructions for it (AVX512-BF16 "
        + "or AMX), otherwise the former. The log and the job say which was taken, and a resumed job keeps it.")]
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Decay of the weights' exponential moving average, which is then what is saved; null for none.</summary>
    [Field("Decay of the exponential moving average of the weights, which is then measured and saved in place of the last ones; early "
        + "updates n count more, min(ema, (1 + n) / (10 + n)).", Default = "the last weights are saved")]
    [Within(0, 1, AboveMinimum = true, BelowMaximum = true)]
    public double? Ema { get; init; }

    /// <summary>What fields must agree on.</summary>
    public IEnumerable<Contradiction> Contradictions()
    {
        if (EffectiveWarmupSteps > Steps)
            yield return new("warmupSteps", "warmupSteps", $"expected at most as many as steps, {Steps}, found {EffectiveWarmupSteps}");
        if (MinLearningRate > LearningRate)
            yield return new("minLearningRate", "learningRate",
                $"expected at most learningRate {EnumText.Setting(LearningRate)}, found {EnumText.Setting(MinLearningRate)}");
    }

    /// <summary>The warm-up that holds: <see cref="WarmupSteps"/>, or a tenth of <see cref="Steps"/>.</summary>
    public int EffectiveWarmupSteps => WarmupSteps ?? Steps / 10;
}

/// <summary>The arithmetic of training.</summary>
[LaterValues("float16", "mixed", "float64")]
public enum Precision
{
    /// <summary>IEEE single precision throughout.</summary>
    Float32,

    /// <summary>Matrix products of numbers rounded to bfloat16; weights and all else in single precision.</summary>
    Bfloat16,

    /// <summary>bfloat16 where the machine that begins the training is fast at it, otherwise single precision.</summary>
    Auto,
}

/// <summary>The learning rate after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Stays at the peak.</summary>
    Constant,

    /// <summary>Falls on a straight line to the minimum.</summary>
    Linear,

    /// <summary>Falls on half a cosine to the minimum.</summary>
    Cosine,

    /// <summary>Falls with the inverse square root of the step.</summary>
    InverseSqrt,
}

/// <summary>The numbers that a checkpoint's weights are written in.</summary>
public enum WeightsType
{
    /// <summary>IEEE single precision, 4 bytes a number.</summary>
    Float32,

    /// <summary>The upper half of a float32, 2 bytes a number.</summary>
    Bfloat16,
}
