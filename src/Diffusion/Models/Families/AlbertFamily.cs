using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>ALBERT: embeddings of a width e of their own, and groups of layers that share their parameters.</summary>
[Strategy("albert", "ALBERT: all layers share their parameters")]
public sealed class AlbertFamily : ModelFamily
{
    internal const string Words = "albert.embeddings.word_embeddings.weight",
        PositionEmbeddings = "albert.embeddings.position_embeddings.weight",
        TypeEmbeddings = "albert.embeddings.token_type_embeddings.weight", EmbeddingNorm = "albert.embeddings.LayerNorm",
        EmbeddingMapping = "albert.encoder.embedding_hidden_mapping_in", HeadDense = "predictions.dense",
        HeadNorm = "predictions.LayerNorm",
        OutputWeight = "predictions.decoder.weight", OutputBias = "predictions.bias";

    /// <inheritdoc/>
    public override string Type => "albert";

    /// <inheritdoc/>
    public override bool IsMasked => true;

    /// <inheritdoc/>
    public override string WordEmbeddings => Words;

    /// <inheritdoc/>
    public override string OutputProjection => OutputWeight;

    internal override IReadOnlyDictionary<string, JsonValue> Defaults { get; } = new Dictionary<string, JsonValue>(StringComparer.Ordinal)
    {
        ["type_vocab_size"] = JsonValue.Create(2),
        ["layer_norm_eps"] = JsonValue.Create(1e-12),
        ["hidden_act"] = JsonValue.Create("gelu_new"),
        ["hidden_dropout_prob"] = JsonValue.Create(0.0),
        ["attention_probs_dropout_prob"] = JsonValue.Create(0.0),
        ["tie_word_embeddings"] = JsonValue.Create(true),
        ["embedding_size"] = JsonValue.Create(128),
        ["num_hidden_groups"] = JsonValue.Create(1),
        ["inner_group_num"] = JsonValue.Create(1),
        ["bos_token_id"] = JsonValue.Create(2),
        ["pad_token_id"] = JsonValue.Create(0),
        ["eos_token_id"] = JsonValue.Create(3),
    };

    /// <summary>e.</summary>
    internal static int EmbeddingSize(ModelConfig config) => config.Integer("embedding_size");

    /// <summary>Groups of layers with parameters of their own.</summary>
    internal static int Groups(ModelConfig config) => config.Integer("num_hidden_groups");

    /// <summary>Layers with parameters of their own in a group; each use of the group applies them all.</summary>
    internal static int LayersOfGroup(ModelConfig config) => config.Integer("inner_group_num");

    /// <summary>The prefix of a layer's names.</summary>
    internal static string Layer(int group, int layer) => $"albert.encoder.albert_layer_groups.{group}.albert_layers.{layer}";

    /// <inheritdoc/>
    public override AttentionKind OwnAttention(ModelConfig config) => AttentionKind.Full;

    internal override IEnumerable<(string Name, long Row)> ZeroRows(ModelConfig config) => [(Words, config.PadTokenId)];

    internal override void Check(ConfigCheck check)
    {
        check.Positive("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
            "max_position_embeddings", "type_vocab_size",
            "embedding_size", "num_hidden_groups", "inner_group_num");
        check.Share("hidden_dropout_prob", "attention_probs_dropout_prob");
        check.Epsilon("layer_norm_eps");
        check.Activation("hidden_act");
        check.Absent("position_embedding_type", "absolute");
        if (check.Config.PadTokenId < 0) check.Wrong("pad_token_id", "an id");
        if (Groups(check.Config) > check.Config.Layers)
            check.Wrong("num_hidden_groups", $"at most num_hidden_layers, {check.Config.Layers}");
    }

    /// <inheritdoc/>
    public override IEnumerable<ParameterShape> Layout(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, f = config.FeedForwardSize, e = EmbeddingSize(config), v = config.VocabularySize;
        yield return ParameterShape.Of(Words, v, e);
        yield return ParameterShape.Of(PositionEmbeddings, config.MaxPositionEmbeddings, e);
        yield return ParameterShape.Of(TypeEmbeddings, config.Integer("type_vocab_size"), e);
        foreach (var p in Affine(EmbeddingNorm, e)) yield return p;
        foreach (var p in Affine(EmbeddingMapping, d, e)) yield return p;
        for (int g = 0; g < Groups(config); g++)
            for (int l = 0; l < LayersOfGroup(config); l++)
            {
                string layer = Layer(g, l);
                foreach (var p in Affine(layer + ".full_layer_layer_norm", d)) yield return p;
                foreach (string part in (string[])["query", "key", "value", "dense"])
                    foreach (var p in Affine($"{layer}.attention.{part}", d, d)) yield return p;
                foreach (var p in Affine(layer + ".attention.LayerNorm", d)) yield return p;
                foreach (var p in Affine(layer + ".ffn", f, d)) yield return p;
                foreach (var p in Affine(layer + ".ffn_output", d, f)) yield return p;
            }
        yield return ParameterShape.Of(OutputBias, v);
        foreach (var p in Affine(HeadNorm, e)) yield return p;
        foreach (var p in Affine(HeadDense, e, d)) yield return p;
        if (!config.IsTied) yield return ParameterShape.Of(OutputWeight, v, e);
    }

    internal override string Canonical(string name, ModelConfig config)
    {
        name = Modern(name);
        if (StartsWithAny(name, "embeddings.", "encoder.", "pooler.")) name = "albert." + name;
        if (name == OutputWeight && config.IsTied) return Words;
        return name == "predictions.decoder.bias" ? OutputBias : name;
    }

    internal override bool IsIgnored(string name) =>
        StartsWithAny(name, "albert.pooler.", "sop_classifier.")
            || name is "albert.embeddings.position_ids" or "albert.embeddings.token_type_ids";

    internal override bool IsPerToken(string name) => name is Words or OutputBias or OutputWeight;

    internal override LanguageModel Build(ModelConfig config, Device? device) => new Albert(config, device);

    internal override JsonObject NewConfig(NewModel spec, int pad) => new()
    {
        ["architectures"] = new JsonArray("AlbertForMaskedLM"),
        ["attention_probs_dropout_prob"] = spec.Dropout,
        ["embedding_size"] = Math.Min(128, spec.HiddenSize),
        ["hidden_act"] = "gelu_new",
        ["hidden_dropout_prob"] = spec.Dropout,
        ["hidden_size"] = spec.HiddenSize,
        ["inner_group_num"] = 1,
        ["intermediate_size"] = spec.FeedForwardSize,
        ["layer_norm_eps"] = 1e-12,
        ["max_position_embeddings"] = spec.MaxPositions,
        ["num_attention_heads"] = spec.Heads,
        ["num_hidden_groups"] = 1,
        ["num_hidden_layers"] = spec.Layers,
        ["position_embedding_type"] = "absolute",
        ["type_vocab_size"] = 2,
    };

    internal override int Attentions(ModelConfig config) => config.Layers * LayersOfGroup(config);

    internal override double LayerWeights(ModelConfig config) => (double)EmbeddingSize(config) * config.HiddenSize
        + (double)config.Layers * LayersOfGroup(config)
            * (4.0 * config.HiddenSize * config.HiddenSize + 2.0 * config.HiddenSize * config.FeedForwardSize);

    internal override double HeadWeights(ModelConfig config) => (double)EmbeddingSize(config) * (config.HiddenSize + config.VocabularySize);
}
