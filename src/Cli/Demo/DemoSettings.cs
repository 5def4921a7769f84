namespace DiffusionBatch.Cli.Demo;

/// <summary>
/// The demo's hyperparameters, all of them. Training's length is a number of steps that is proportional to the minutes
/// asked for, not to a clock: so the manifest says exactly what happens, a stopped demo resumes, and two machines that
/// run it get the same model.
/// </summary>
internal sealed record DemoSettings
{
    /// <summary>The most tokens of a pair with <c>--data</c>, whose texts may be longer than the SDK's short messages.</summary>
    public const int MaxLengthOfOwnData = 256;

    /// <summary>Optimizer steps that two cores of a current machine do in a minute.</summary>
    public int StepsPerMinute { get; init; } = 1000;

    /// <summary>Minutes of training without <c>--minutes</c>.</summary>
    public double Minutes { get; init; } = 3.3;

    /// <summary>The most words of a message, in either language.</summary>
    public int MaxWords { get; init; } = 8;

    /// <summary>Held-out messages that are sampled and scored.</summary>
    public int TestPairs { get; init; } = 300;

    /// <summary>Held-out messages for the validation loss.</summary>
    public int ValidationPairs { get; init; } = 150;

    /// <summary>Whether a new model of the backbone's shape is trained in place of the backbone.</summary>
    public bool FromScratch { get; init; }

    /// <summary>Width of a new model.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>Its layers.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>Its attention heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Width of its feed-forward layers.</summary>
    public int FeedForwardSize { get; init; } = 512;

    /// <summary>Its positions.</summary>
    public int MaxPositions { get; init; } = 258;

    /// <summary>The most tokens of a pair.</summary>
    public int MaxLength { get; init; } = 128;

    /// <summary>Label smoothing.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Token budget of a training batch.</summary>
    public int BatchTokens { get; init; } = 1024;

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Share of the steps over which the learning rate rises.</summary>
    public double WarmupShare { get; init; } = 0.05;

    /// <summary>AdamW's weight decay.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Optimizer steps of the length predictor, as a share of the model's.</summary>
    public double LengthStepsShare { get; init; } = 0.06;

    /// <summary>Lengths tried for each message.</summary>
    public int LengthBeam { get; init; } = 3;

    /// <summary>The step counts of the sweep.</summary>
    public IReadOnlyList<int> SamplingSteps { get; init; } = [1, 2, 4, 8, 16];

    /// <summary>The seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The form for CI: a model hardly adapted, the same flow.</summary>
    public static DemoSettings Quick { get; } = new()
    {
        Minutes = 0.03,
        MaxWords = 6,
        TestPairs = 40,
        ValidationPairs = 20,
        LengthBeam = 1,
    };

    /// <summary>Optimizer steps of the model.</summary>
    public int Steps => Math.Max(1, (int)Math.Round(StepsPerMinute * Minutes));
}
