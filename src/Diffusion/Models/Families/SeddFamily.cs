using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Scores;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>
/// SEDD's published folders (Lou et al. 2024): a config.json without <c>model_type</c>, whose <c>tokens</c>, <c>graph</c>, <c>noise</c> and
/// <c>model</c> say it all. With the graph <c>absorb</c> the vocabulary has one id more than <c>tokens</c>, the mask.
/// </summary>
[Strategy(Name, "SEDD's diffusion transformer, which is told the noise level; for the processes `sedd-absorb` and `sedd-uniform`")]
public sealed class SeddFamily : ModelFamily
{
    internal const string Name = "sedd", Words = "vocab_embed.embedding", OutputWeight = "output_layer.linear.weight",
        OutputBias = "output_layer.linear.bias";

    /// <summary>Width of the sinusoidal embedding of sigma.</summary>
    internal const int FrequencyWidth = 256;

    /// <summary>Width of the conditioning in new models, that of all published ones.</summary>
    const int UsualConditionWidth = 128;

    const string Graph = "graph.type", Condition = "model.cond_dim", ScaleBySigma = "model.scale_by_sigma", Noise = "noise.type",
        SigmaMin = "noise.sigma_min", SigmaMax = "noise.sigma_max";

    static readonly Dictionary<string, string> Fields = new(StringComparer.Ordinal)
    {
        ["vocab_size"] = "tokens",
        ["hidden_size"] = "model.hidden_size",
        ["num_hidden_layers"] = "model.n_blocks",
        ["num_attention_heads"] = "model.n_heads",
        ["max_position_embeddings"] = "model.length",
        ["hidden_dropout_prob"] = "model.dropout",
    };

    /// <inheritdoc/>
    public override string Type => Name;

    /// <inheritdoc/>
    public override bool IsMasked => true;

    /// <inheritdoc/>
    public override bool GivesScores => true;

    /// <inheritdoc/>
    public override CanvasClosing OwnClosing => CanvasClosing.None;

    /// <inheritdoc/>
    public override string OwnProcess(ModelConfig config) => Absorbs(config) ? "sedd-absorb" : "sedd-uniform";

    /// <inheritdoc/>
    public override string WordEmbeddings => Words;

    /// <inheritdoc/>
    public override string OutputProjection => OutputWeight;

    internal override IReadOnlyDictionary<string, JsonValue> Defaults { get; } = new Dictionary<string, JsonValue>(StringComparer.Ordinal)
    {
        ["layer_norm_eps"] = JsonValue.Create(1e-5),
        ["hidden_act"] = JsonValue.Create("gelu_new"),
        ["hidden_dropout_prob"] = JsonValue.Create(0.0),
        ["tie_word_embeddings"] = JsonValue.Create(false),
        ["bos_token_id"] = JsonValue.Create(-1),
        ["pad_token_id"] = JsonValue.Create(-1),
        ["eos_token_id"] = JsonValue.Create(-1),
    };

    /// <summary>Whether a config.json without <c>model_type</c> is of this layout.</summary>
    internal static bool IsLayout(JsonObject json) => json["graph"] is JsonObject && json["model"] is JsonObject;

    internal override string Field(string usual) => Fields.GetValueOrDefault(usual, usual);

    /// <inheritdoc/>
    public override AttentionKind OwnAttention(ModelConfig config) => AttentionKind.Full;

    /// <summary>Whether the graph absorbs.</summary>
    internal static bool Absorbs(ModelConfig config) => config.Text(Graph) == "absorb";

    /// <summary>The process that the network was trained for.</summary>
    public static ScoreDiffusion Diffusion(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        int v = config.VocabularySize;
        var (kind, minimum, maximum) = NoiseOf(config) ?? throw new ArgumentException("The network is told no noise.", nameof(config));
        return new ScoreDiffusion(Absorbs(config) ? new AbsorbGraph(v) : new UniformGraph(v), NoiseSchedule.Of(kind, minimum, maximum));
    }

    /// <summary>The noise that a config.json names, or the usual one of its graph; null for other families.</summary>
    public static (NoiseKind Kind, double Minimum, double Maximum)? NoiseOf(ModelConfig config) =>
        config.Family is not SeddFamily ? null : (
        config.Text(Noise) switch
        {
            "loglinear" => NoiseKind.Loglinear,
            "geometric" => NoiseKind.Geometric,
            _ => UsualNoise(Absorbs(config))
        },
        config.Real(SigmaMin, NoiseSchedule.UsualMinimum), config.Real(SigmaMax, NoiseSchedule.UsualMaximum));

    /// <summary>
    /// What keeps a process from training a network, a line each: SEDD's processes train SEDD's networks, each its own graph, and no other
    /// does.
    /// </summary>
    /// <param name="objective">The process.</param>
    /// <param name="family">The network's family.</param>
    /// <param name="config">Its configuration; null for a new network, which is made for the process.</param>
    internal static IEnumerable<string> ProcessProblems(ObjectiveSettings objective, ModelFamily family, ModelConfig? config)
    {
        bool learnsScores = StrategyCatalog.Find(StrategyKind.Process, objective.Process)?.Is(StrategyTraits.Scores) ?? false;
        string own = config is null ? "sedd-absorb or sedd-uniform" : family.OwnProcess(config);
        if (learnsScores != family.GivesScores)
        {
            yield return family.GivesScores
                ? $"process is '{objective.Process}', and the network is SEDD's, which learns probability ratios; expected {own}"
                : $"process is '{objective.Process}', which trains SEDD's network alone; expected the architecture sedd, "
                    + $"found {family.Type}";
            yield break;
        }
        if (!learnsScores) yield break;
        if (config is not null && objective.Process != own)
            yield return $"process is '{objective.Process}', and the network's config.json has the graph of {own}; expected {own}";
        if (objective.LabelSmoothing > 0) yield return "labelSmoothing is of cross entropies, and score entropy is none; expected 0";
        if (objective.Shift == true) yield return "shift is true, and SEDD's outputs are for the tokens that they stand at; expected false";
    }

    static NoiseKind UsualNoise(bool absorbs) => absorbs ? NoiseKind.Loglinear : NoiseKind.Geometric;

    /// <summary>Whether log(e^sigma - 1) and log(V - 1) are taken off the logits.</summary>
    internal static bool Scales(ModelConfig config) => config.Flag(ScaleBySigma, false);

    internal override int VocabularySize(ModelConfig config) => config.Integer("vocab_size") + (Absorbs(config) ? 1 : 0);

    internal override void SetVocabulary(JsonObject json, int size) =>
        json["tokens"] = size - ((string?)json["graph"]!["type"] == "absorb" ? 1 : 0);

    internal override void SetProcess(JsonObject json, ObjectiveSettings objective)
    {
        bool isNew = json["graph"] is null, absorbs = isNew
            ? objective.Process != "sedd-uniform"
            : (string?)json["graph"]!["type"] == "absorb";
        if (isNew)
        {
            json["graph"] = new JsonObject { ["type"] = absorbs ? "absorb" : "uniform" };
            json["model"]!["scale_by_sigma"] = absorbs;
        }
        if (!isNew && objective.NoiseSchedule is null) return;
        json["noise"] = new JsonObject
        {
            ["type"] = EnumText.Of(objective.NoiseSchedule ?? UsualNoise(absorbs)),
            ["sigma_min"] = objective.SigmaMin ?? NoiseSchedule.UsualMinimum,
            ["sigma_max"] = objective.SigmaMax ?? NoiseSchedule.UsualMaximum,
        };
    }

    /// <summary>The mask of the graph <c>absorb</c> is the last id; <c>uniform</c> has none of its own.</summary>
    internal override SpecialTokens Specials(ModelConfig config, SpecialTokens? tokenizer)
    {
        var specials = base.Specials(config, tokenizer);
        return Absorbs(config) ? specials with { Mask = config.VocabularySize - 1 } : tokenizer is null
            ? specials with { Mask = -1 }
            : specials;
    }

    internal override void Check(ConfigCheck check)
    {
        var config = check.Config;
        check.Positive("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings", Condition);
        check.Share("hidden_dropout_prob");
        if (config.Text(Graph) is not ("absorb" or "uniform")) check.Wrong(Graph, "\"absorb\" or \"uniform\"");
        check.Flags(ScaleBySigma);
        if (Scales(config) && !Absorbs(config)) check.Wrong(ScaleBySigma, "false, since the graph is not absorb");
        if (config.Text(Noise, raw: true) is { Length: > 0 } noise && noise is not ("\"loglinear\"" or "\"geometric\""))
            check.Wrong(Noise, "\"loglinear\" or \"geometric\"");
        double least = config.Real(SigmaMin, NoiseSchedule.UsualMinimum);
        if (least is not (> 0 and < double.PositiveInfinity)) check.Wrong(SigmaMin, "a positive number");
        if (!(config.Real(SigmaMax, NoiseSchedule.UsualMaximum) > least)) check.Wrong(SigmaMax, "a number above sigma_min");
        if (config.Heads > 0 && config.HiddenSize % (2 * config.Heads) != 0) check.Wrong("hidden_size", "a multiple of twice n_heads");
    }

    /// <inheritdoc/>
    public override IEnumerable<ParameterShape> Layout(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, f = config.FeedForwardSize, c = config.Integer(Condition), v = config.VocabularySize;
        yield return ParameterShape.Of(Words, v, d);
        foreach (var p in (ParameterShape[])[.. Affine("sigma_map.mlp.0", c, FrequencyWidth), .. Affine("sigma_map.mlp.2", c, c)])
            yield return p;
        for (int i = 0; i < config.Layers; i++)
        {
            string block = $"blocks.{i}";
            yield return ParameterShape.Of(block + ".norm1.weight", d);
            yield return ParameterShape.Of(block + ".attn_qkv.weight", 3 * d, d);
            yield return ParameterShape.Of(block + ".attn_out.weight", d, d);
            yield return ParameterShape.Of(block + ".norm2.weight", d);
            foreach (var p in (ParameterShape[])[.. Affine(block + ".mlp.0", f, d), .. Affine(block + ".mlp.2", d, f),
                .. Affine(block + ".adaLN_modulation", 6 * d, c)]) yield return p;
        }
        yield return ParameterShape.Of("output_layer.norm_final.weight", d);
        foreach (var p in (ParameterShape[])[.. Affine("output_layer.linear", v, d), .. Affine("output_layer.adaLN_modulation", 2 * d, c)])
            yield return p;
    }

    internal override string Canonical(string name, ModelConfig config) => name;

    internal override bool IsIgnored(string name) => name == "rotary_emb.inv_freq";

    internal override bool IsPerToken(string name) => name is Words or OutputWeight or OutputBias;

    /// <summary>
    /// A block begins as the identity, and the output as 0: all ratios alike (the "zero" of adaLN-Zero, Peebles and Xie 2023).
    /// </summary>
    internal override double InitialScale(string name, ModelConfig config) =>
        name == OutputWeight || name.EndsWith("adaLN_modulation.weight", StringComparison.Ordinal) ? 0 : 1;

    internal override LanguageModel Build(ModelConfig config, Device? device) => new Sedd(config, device);

    internal override JsonObject NewConfig(NewModel spec, int pad) => new()
    {
        ["model"] = new JsonObject
        {
            ["cond_dim"] = UsualConditionWidth,
            ["dropout"] = spec.Dropout,
            ["hidden_size"] = spec.HiddenSize,
            ["length"] = spec.MaxPositions,
            ["n_blocks"] = spec.Layers,
            ["n_heads"] = spec.Heads,
            ["name"] = "new",
            ["type"] = "ddit",
        },
        ["tie_word_embeddings"] = false,
    };

    internal override double LayerWeights(ModelConfig config) =>
        config.Layers * (4.0 * config.HiddenSize * config.HiddenSize + 2.0 * config.HiddenSize * config.FeedForwardSize);

    internal override double HeadWeights(ModelConfig config) => (double)config.HiddenSize * config.VocabularySize;
}
