using System.Text.RegularExpressions;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>What a checkpoint folder holds.</summary>
public sealed partial record CheckpointSummary
{
    /// <summary>config.json.</summary>
    public required ModelConfig Config { get; init; }

    /// <summary>The number of weights by part: embeddings, layers, head.</summary>
    public required IReadOnlyList<(string Part, long Parameters)> Parts { get; init; }

    /// <summary>The number of weights.</summary>
    public long Parameters => Parts.Sum(p => p.Parameters);

    /// <summary>The element types in the files, with the tensors and bytes of each.</summary>
    public required IReadOnlyList<(SafeTensorType Type, int Tensors, long Bytes)> Types { get; init; }

    /// <summary>The files of the weights.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Tensors in the files that the network doesn't use and that are kept.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>The special tokens as the model's ids.</summary>
    public required SpecialTokens Specials { get; init; }

    /// <summary>The tokenizer in the model's ids, or null.</summary>
    public ITextTokenizer? Tokenizer { get; init; }

    /// <summary>Why the folder's tokenizer can't be read, or null.</summary>
    public CheckpointProblem? TokenizerProblem { get; init; }

    /// <summary>diffusion.json, or null where the model was not adapted.</summary>
    public DiffusionSettings? Settings { get; init; }

    /// <summary>What stands behind the slots where a sampler doesn't say it.</summary>
    public CanvasClosing Closing => Settings?.Closing ?? Config.Family.OwnClosing;

    /// <summary>Whether there is a length predictor.</summary>
    public required bool HasLengthPredictor { get; init; }

    /// <summary>What was decided where the files don't agree, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The adapter beside the weights, or null.</summary>
    public LoraPlan? Adapter { get; init; }

    internal static CheckpointSummary Of(ModelConfig config, WeightFiles weights, SpecialTokens specials, ITextTokenizer? tokenizer,
        DiffusionSettings? settings, bool hasLengthPredictor, LoraPlan? adapter)
    {
        var layout = config.Family.Layout(config).ToList();
        var names = layout.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return new CheckpointSummary
        {
            Config = config,
            Parts = [.. ((string[])["embeddings", "layers", "head"]).Select(part =>
                (part, layout.Where(p => PartOf(p.Name) == part).Sum(p => p.Shape.Aggregate(1L, (a, b) => a * b))))],
            Types = [.. weights.Tensors.Keys.Select(weights.Info).GroupBy(i => i.Type).OrderBy(g => g.Key)
                .Select(g => (g.Key, g.Count(), g.Sum(i => i.Length)))],
            Files = [.. weights.Files.Select(f => Path.GetFileName(f.Path))],
            Unused = [.. weights.Tensors.Keys.Where(name => !names.Contains(weights.Canonical(name, config)))],
            Specials = specials,
            Tokenizer = tokenizer,
            Settings = settings,
            HasLengthPredictor = hasLengthPredictor,
            Adapter = adapter,
        };
    }

    static string PartOf(string name) =>
        LayerName().IsMatch(name) ? "layers" : EmbeddingName().IsMatch(name) ? "embeddings" : "head";

    [GeneratedRegex(@"(^|\.)(layer|layers|h|albert_layer_groups|blocks)\.\d+\.")]
    private static partial Regex LayerName();

    [GeneratedRegex(@"(^|\.)(embeddings|wte|wpe|embed_tokens|embedding_hidden_mapping_in|vocab_embed|sigma_map)\.")]
    private static partial Regex EmbeddingName();
}
