using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>A checkpoint's <c>diffusion.json</c>: how the model was adapted, and so how it is to be used.</summary>
public sealed record DiffusionSettings
{
    /// <summary>The file's name inside a checkpoint folder.</summary>
    public const string FileName = "diffusion.json";

    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The forward process.</summary>
    public string Process { get; init; } = "absorbing";

    /// <summary>T.</summary>
    public int Timesteps { get; init; } = 50;

    /// <summary>The loss's weighting over times.</summary>
    public LossWeighting Weighting { get; init; } = LossWeighting.Linear;

    /// <summary>Which positions see which; sampling uses the same.</summary>
    public AttentionKind Attention { get; init; } = AttentionKind.Full;

    /// <summary>Whether the logits at a position are for the token after it.</summary>
    public bool Shift { get; init; }

    /// <summary>
    /// Tokens of a block that attention goes by from left to right (<see cref="AttentionMasks.Pairwise"/>); null for one block.
    /// </summary>
    public int? BlockLength { get; init; }

    /// <summary>The noise of the multinomial process; null for others.</summary>
    public NoiseSettings? Noise { get; init; }

    /// <summary>The noise that open slots show where the process is multinomial; otherwise null.</summary>
    /// <param name="vocabularySize">V.</param>
    public MultinomialNoise? MultinomialNoise(int vocabularySize) =>
        Process == MultinomialProcess.Name ? (Noise ?? new NoiseSettings { Excluded = [Specials.Mask] }).Noise(vocabularySize) : null;

    /// <summary>What stands behind the slots.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CanvasClosing Closing { get; init; }

    /// <summary>The prompt's template with <c>{source}</c>.</summary>
    public string Prompt { get; init; } = "{source}";

    /// <summary>The response's template with <c>{target}</c>.</summary>
    public string Target { get; init; } = "{target}";

    /// <summary>The longest sequence in tokens that it was trained on.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The special tokens, as the model's ids.</summary>
    public required SpecialTokens Specials { get; init; }

    /// <summary>The id that ends a block of blockwise attention, or null.</summary>
    public int? Newline { get; init; }

    /// <summary>For each id of the model the tokenizer's id, where the vocabulary was trimmed.</summary>
    public int[]? Vocabulary { get; init; }

    /// <summary>sigma(t) of a network that is told the noise level, as config.json has it; null for others.</summary>
    public NoiseKind? NoiseSchedule { get; init; }

    /// <summary>sigma(0) of the geometric schedule.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>sigma(1) of the geometric schedule.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>Reads a folder's file; null where it is absent, or (then problems are added) can't be used.</summary>
    public static DiffusionSettings? Read(string folder, ICollection<CheckpointProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (JsonFile.Read(folder, FileName, problems) is not { } utf8) return null;
        try
        {
            if (JsonSerializer.Deserialize<DiffusionSettings>(utf8, Options) is { } settings) return settings;
            problems.Add(new CheckpointProblem(FileName, null, "the file does not hold an object", "a JSON object", "null"));
        }
        catch (JsonException e)
        {
            problems.Add(SettingsProblem.Of(utf8, e));
        }
        return null;
    }

    /// <summary>Writes the file into a folder.</summary>
    public void Save(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Options) + "\n");

    /// <summary>What contradicts the model's configuration.</summary>
    internal void Check(ModelConfig config, ICollection<CheckpointProblem> problems)
    {
        void Wrong(string field, string message, string expected, string found) =>
            problems.Add(new CheckpointProblem(FileName, field, message, expected, found));
        if (StrategyCatalog.Find(StrategyKind.Process, Process) is null)
            Wrong("process", "the process is unknown", string.Join(" or ", StrategyCatalog.Of(StrategyKind.Process).Select(c => c.Name)),
                Process);
        if (SeddFamily.NoiseOf(config) is { } noise)
        {
            if (NoiseSchedule is { } kind && kind != noise.Kind)
                Wrong("noiseSchedule", "the noise contradicts config.json", EnumText.Of(noise.Kind), EnumText.Of(kind));
            if (SeddFamily.Absorbs(config) && Specials.Mask != config.VocabularySize - 1)
                Wrong("specials.mask", "the mask is not the one of config.json's graph", $"{config.VocabularySize - 1}",
                    $"{Specials.Mask}");
        }
        try
        {
            _ = new PromptTemplate(Prompt, Target);
        }
        catch (FormatException e)
        {
            problems.Add(new CheckpointProblem(FileName, "prompt", e.Message));
        }
        if (Timesteps < 1) Wrong("timesteps", "the value can't be used", "at least 1", $"{Timesteps}");
        foreach (var (name, id) in new[] { ("bos", Specials.Bos), ("pad", Specials.Pad), ("eos", Specials.Eos), ("unk", Specials.Unk),
            ("mask", Specials.Mask) })
            if (id < (name == "unk" ? -1 : 0) || id >= config.VocabularySize)
                Wrong($"specials.{name}", "the id is not one of the model's", $"0 to {config.VocabularySize - 1}", $"{id}");
        if (Specials.Mask >= 0 && (Specials.Mask == Specials.Bos || Specials.Mask == Specials.Pad || Specials.Mask == Specials.Eos))
            Wrong("specials.mask", "the mask is another special token as well", "an id of its own", $"{Specials.Mask}");
        if (Newline is { } newline && (newline < 0 || newline >= config.VocabularySize))
            Wrong("newline", "the id is not one of the model's", $"0 to {config.VocabularySize - 1}", $"{newline}");
        if (BlockLength < 1) Wrong("blockLength", "the value can't be used", "at least 1", $"{BlockLength}");
        if (Noise?.Problem(config.VocabularySize) is { } wrong)
            Wrong("noise", "the noise contradicts config.json's vocab_size", wrong, $"vocab_size {config.VocabularySize}");
        if (MaxLength < 1) Wrong("maxLength", "the value can't be used", "at least 1", $"{MaxLength}");
        if (Vocabulary is null) return;
        if (Vocabulary.Length != config.VocabularySize)
            Wrong("vocabulary", "the map contradicts config.json's vocab_size", $"{config.VocabularySize} ids", $"{Vocabulary.Length}");
        for (int i = 0; i < Vocabulary.Length; i++)
            if (Vocabulary[i] < 0 || (i > 0 && Vocabulary[i] <= Vocabulary[i - 1]))
            {
                Wrong($"vocabulary[{i}]", "the ids must ascend", i == 0 ? "at least 0" : $"more than {Vocabulary[i - 1]}",
                    $"{Vocabulary[i]}");
                break;
            }
    }
}
