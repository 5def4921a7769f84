namespace DiffusionBatch.Diffusion.Models;

/// <summary>The shape of a model that is to be trained from scratch.</summary>
public sealed record NewModelSpec
{
    /// <summary>A <c>model_type</c>: xlm-roberta, roberta, bert, xlm-roberta-xl, albert, gpt2, llama or bart.</summary>
    public string Architecture { get; init; } = "xlm-roberta";

    /// <summary>d, a multiple of <see cref="Heads"/>.</summary>
    public int HiddenSize { get; init; } = 256;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 6;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>The width between a layer's two feed-forward projections.</summary>
    public int FeedForwardSize { get; init; } = 1024;

    /// <summary>
    /// The longest canvas in tokens. The RoBERTa family's <c>max_position_embeddings</c> is this plus 2, because
    /// its positions start after the padding's id, at 2; so a canvas of exactly this many tokens can be trained and sampled.
    /// </summary>
    public int MaxPositions { get; init; } = 256;

    /// <summary>Dropout of hidden states and of attention probabilities, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// The standard deviation of the first weights, sqrt(2 / (5 d)) (Nguyen and Salazar 2019): 0.023 at d = 768, where the
    /// family uses 0.02, and larger for narrow models, whose attention otherwise stays flat for a thousand steps and more.
    /// </summary>
    public double InitializerRange => Math.Round(Math.Sqrt(2.0 / (5.0 * HiddenSize)), 4);

    /// <summary>What is wrong with the numbers, a line each; empty when they can be built.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (!ModelConfig.Architectures.Contains(Architecture))
            problems.Add($"architecture is '{Architecture}'; expected {string.Join(" or ", ModelConfig.Architectures)}");
        foreach (var (name, value) in new[] { ("hiddenSize", HiddenSize), ("layers", Layers), ("heads", Heads), ("feedForwardSize", FeedForwardSize) })
            if (value < 1) problems.Add($"{name} is {value}; expected at least 1");
        if (MaxPositions < 2) problems.Add($"maxPositions is {MaxPositions}; expected at least 2");
        if (Heads >= 1 && HiddenSize % Heads != 0) problems.Add($"hiddenSize {HiddenSize} is not a multiple of heads, {Heads}");
        if (Dropout is not (>= 0 and < 1)) problems.Add($"dropout is {Dropout}; expected from 0 to below 1");
        return problems;
    }
}
