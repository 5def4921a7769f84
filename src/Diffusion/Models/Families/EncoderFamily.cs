using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>
/// BERT, RoBERTa, XLM-R and XLM-R XL, and their relatives of the same layout: CamemBERT and data2vec's text model are RoBERTas,
/// ERNIE is a BERT. They share the names of their body but for its prefix; BERT's head has others; the RoBERTas count positions
/// from the padding's id + 1 on, and their heads always have the exact GELU.
/// </summary>
[Strategy("xlm-roberta", "XLM-RoBERTa")]
[Strategy("roberta", "RoBERTa")]
[Strategy("bert", "BERT")]
[Strategy("xlm-roberta-xl", "XLM-RoBERTa XL: LayerNorm before each part")]
public class EncoderFamily : ModelFamily
{
    readonly bool _isBert, _isXl;

    /// <summary>One of bert, roberta, xlm-roberta, xlm-roberta-xl, camembert, data2vec-text, ernie.</summary>
    protected internal EncoderFamily(string type)
    {
        Type = type;
        (_isBert, _isXl) = (type is "bert" or "ernie", type == "xlm-roberta-xl");
        Body = type switch { "bert" or "ernie" => type, "data2vec-text" => "data2vec_text", _ => "roberta" };
        (HeadDense, HeadNorm) = _isBert
            ? ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm")
            : ("lm_head.dense", "lm_head.layer_norm");
        (OutputWeight, OutputBias) = _isBert
            ? ("cls.predictions.decoder.weight", "cls.predictions.bias")
            : ("lm_head.decoder.weight", "lm_head.bias");
        Defaults = new Dictionary<string, JsonValue>(StringComparer.Ordinal)
        {
            ["type_vocab_size"] = JsonValue.Create(_isXl ? 1 : 2),
            ["layer_norm_eps"] = JsonValue.Create(_isXl ? 1e-5 : 1e-12),
            ["hidden_act"] = JsonValue.Create("gelu"),
            ["hidden_dropout_prob"] = JsonValue.Create(0.1),
            ["attention_probs_dropout_prob"] = JsonValue.Create(0.1),
            ["tie_word_embeddings"] = JsonValue.Create(true),
            ["bos_token_id"] = JsonValue.Create(_isBert ? -1 : 0),
            ["pad_token_id"] = JsonValue.Create(_isBert ? 0 : 1),
            ["eos_token_id"] = JsonValue.Create(_isBert ? -1 : 2),
        };
    }

    /// <inheritdoc/>
    public override string Type { get; }

    /// <inheritdoc/>
    public override bool IsMasked => true;

    /// <summary>The prefix of the names of all but the head.</summary>
    internal string Body { get; }

    /// <summary>The head's dense projection, without <c>.weight</c>.</summary>
    internal string HeadDense { get; }

    /// <summary>The head's LayerNorm, without <c>.weight</c>.</summary>
    internal string HeadNorm { get; }

    /// <summary>The output projection where it isn't tied. // (V, d)</summary>
    internal string OutputWeight { get; }

    /// <summary>The output projection's bias. // (V)</summary>
    internal string OutputBias { get; }

    /// <inheritdoc/>
    public override string WordEmbeddings => Body + ".embeddings.word_embeddings.weight";

    /// <inheritdoc/>
    public override string OutputProjection => OutputWeight;

    /// <summary>The positions' embeddings. // (max_position_embeddings, d)</summary>
    internal string PositionEmbeddings => Body + ".embeddings.position_embeddings.weight";

    /// <summary>The token types' embeddings. // (type_vocab_size, d)</summary>
    internal string TypeEmbeddings => Body + ".embeddings.token_type_embeddings.weight";

    internal override IReadOnlyDictionary<string, JsonValue> Defaults { get; }

    /// <inheritdoc/>
    public override AttentionKind OwnAttention(ModelConfig config) =>
        config.Flag("is_decoder", false) ? AttentionKind.Causal : AttentionKind.Full;

    /// <summary>The activation of the head.</summary>
    internal string HeadActivation(ModelConfig config) => _isBert ? config.Activation : "gelu";

    internal override int PositionOffset(ModelConfig config) => _isBert ? 0 : config.PadTokenId + 1;

    internal override long[]? PositionRows(ModelConfig config, ReadOnlySpan<long> input_ids, int columns)
    {
        if (_isBert) return null;
        int pad = config.PadTokenId;
        var rows = new long[input_ids.Length];
        for (int i = 0, count = 0; i < rows.Length; i++)
        {
            if (i % columns == 0) count = 0;
            rows[i] = input_ids[i] == pad ? pad : pad + ++count;
        }
        return rows;
    }

    internal override IEnumerable<(string Name, long Row)> ZeroRows(ModelConfig config)
    {
        yield return (WordEmbeddings, config.PadTokenId);
        if (!_isBert) yield return (PositionEmbeddings, config.PadTokenId);
    }

    internal override void Check(ConfigCheck check)
    {
        check.Positive("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
            "max_position_embeddings", "type_vocab_size");
        check.Share("hidden_dropout_prob", "attention_probs_dropout_prob");
        check.Epsilon("layer_norm_eps");
        check.Activation("hidden_act");
        check.Absent("position_embedding_type", "absolute");
        check.Refuse("add_cross_attention");
        if (Type == "ernie") check.Refuse("use_task_id");
        if (check.Config.PadTokenId < 0) check.Wrong("pad_token_id", "an id");
    }

    /// <inheritdoc/>
    public override IEnumerable<ParameterShape> Layout(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, f = config.FeedForwardSize, v = config.VocabularySize;
        yield return ParameterShape.Of(WordEmbeddings, v, d);
        yield return ParameterShape.Of(PositionEmbeddings, config.MaxPositionEmbeddings, d);
        yield return ParameterShape.Of(TypeEmbeddings, config.Integer("type_vocab_size"), d);
        if (!_isXl)
            foreach (var p in Affine(Body + ".embeddings.LayerNorm", d)) yield return p;
        for (int i = 0; i < config.Layers; i++)
        {
            string layer = $"{Body}.encoder.layer.{i}";
            if (_isXl)
                foreach (var p in Affine(layer + ".attention.self_attn_layer_norm", d)) yield return p;
            foreach (string part in (string[])["query", "key", "value"])
                foreach (var p in Affine($"{layer}.attention.self.{part}", d, d)) yield return p;
            foreach (var p in Affine(layer + ".attention.output.dense", d, d)) yield return p;
            if (!_isXl)
                foreach (var p in Affine(layer + ".attention.output.LayerNorm", d)) yield return p;
            foreach (var p in Affine(layer + ".intermediate.dense", f, d)) yield return p;
            foreach (var p in Affine(layer + ".output.dense", d, f)) yield return p;
            foreach (var p in Affine(layer + (_isXl ? ".LayerNorm" : ".output.LayerNorm"), d)) yield return p;
        }
        if (_isXl)
            foreach (var p in Affine(Body + ".encoder.LayerNorm", d)) yield return p;
        yield return ParameterShape.Of(OutputBias, v);
        foreach (var p in Affine(HeadDense, d, d)) yield return p;
        foreach (var p in Affine(HeadNorm, d)) yield return p;
        if (!config.IsTied) yield return ParameterShape.Of(OutputWeight, v, d);
    }

    internal override string Canonical(string name, ModelConfig config)
    {
        name = Modern(name);
        if (StartsWithAny(name, "embeddings.", "encoder.", "pooler.")) name = $"{Body}.{name}";
        if (name == OutputWeight && config.IsTied) return WordEmbeddings;
        return name == OutputWeight[..^"weight".Length] + "bias" ? OutputBias : name;
    }

    internal override bool IsIgnored(string name) =>
        StartsWithAny(name, Body + ".pooler.", "cls.seq_relationship.") || name == Body + ".embeddings.position_ids"
            || name == Body + ".embeddings.token_type_ids";

    internal override bool IsPerToken(string name) => name == WordEmbeddings || name == OutputBias || name == OutputWeight;

    internal override LanguageModel Build(ModelConfig config, Device? device) =>
        _isXl ? new XlmRobertaXl(config, device) : new XlmRoberta(config, device);

    internal override JsonObject NewConfig(NewModel spec, int pad) => new()
    {
        ["architectures"] = new JsonArray(Type switch
        {
            "bert" => "BertForMaskedLM",
            "roberta" => "RobertaForMaskedLM",
            "xlm-roberta-xl" => "XLMRobertaXLForMaskedLM",
            _ => "XLMRobertaForMaskedLM",
        }),
        ["attention_probs_dropout_prob"] = spec.Dropout,
        ["hidden_act"] = "gelu",
        ["hidden_dropout_prob"] = spec.Dropout,
        ["hidden_size"] = spec.HiddenSize,
        ["intermediate_size"] = spec.FeedForwardSize,
        ["layer_norm_eps"] = _isBert ? 1e-12 : 1e-5,
        ["max_position_embeddings"] = spec.MaxPositions + (_isBert ? 0 : pad + 1),
        ["num_attention_heads"] = spec.Heads,
        ["num_hidden_layers"] = spec.Layers,
        ["position_embedding_type"] = "absolute",
        ["type_vocab_size"] = _isBert ? 2 : 1,
    };

    internal override double LayerWeights(ModelConfig config) =>
        config.Layers * (4.0 * config.HiddenSize * config.HiddenSize + 2.0 * config.HiddenSize * config.FeedForwardSize);

    internal override double HeadWeights(ModelConfig config) => (double)config.HiddenSize * (config.HiddenSize + config.VocabularySize);
}
