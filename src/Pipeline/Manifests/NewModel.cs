using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The shape of a new model.</summary>
public sealed record NewModel
{
    /// <summary>The architecture.</summary>
    [Field("The network's architecture.")]
    public Architecture Architecture { get; init; } = Architecture.XlmRoberta;

    /// <summary>Width d of the hidden states; a multiple of <see cref="Heads"/>.</summary>
    [Field("Width of the hidden states; a multiple of `heads`.")]
    [Within(1, 65536)]
    public int HiddenSize { get; init; } = 256;

    /// <summary>Number of transformer layers.</summary>
    [Field("Number of transformer layers.")]
    [Within(1, 512)]
    public int Layers { get; init; } = 6;

    /// <summary>Number of attention heads H.</summary>
    [Field("Number of attention heads; it divides `hiddenSize`.")]
    [Within(1, 1024)]
    public int Heads { get; init; } = 4;

    /// <summary>Width of the feed-forward layers.</summary>
    [Field("Width of the feed-forward layers.")]
    [Within(1, 262144)]
    public int FeedForwardSize { get; init; } = 1024;

    /// <summary>Tokens of the longest canvas; config.json's `max_position_embeddings` is two more in the RoBERTa family.</summary>
    [Field("Most tokens that prompt, response and the closing token have together (`max_position_embeddings` in config.json is two more in the RoBERTa family).")]
    [Within(8, 1048576)]
    public int MaxPositions { get; init; } = 256;

    /// <summary>Dropout probability in training, [0, 1).</summary>
    [Field("Share of activations that are dropped in training.")]
    [Within(0, 1, BelowMaximum = true)]
    public double Dropout { get; init; } = 0.1;
}
