using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>
/// LLaMA: no position table, key-value heads shared by groups, an output projection that is mostly its own. Mistral and Qwen2
/// are the same network where their windows don't slide; Qwen2's queries, keys and values have biases.
/// </summary>
[Strategy("llama", "LLaMA")]
public sealed class LlamaFamily : ModelFamily
{
    internal const string Words = "model.embed_tokens.weight", OutputWeight = "lm_head.weight";

    /// <summary>The window of Mistral and Qwen2 where config.json names none.</summary>
    const int UsualWindow = 4096;

    readonly bool _isMistral, _isQwen2;

    /// <summary>One of llama, mistral, qwen2.</summary>
    internal LlamaFamily(string type)
    {
        Type = type;
        (_isMistral, _isQwen2) = (type == "mistral", type == "qwen2");
        var defaults = new Dictionary<string, JsonValue>(StringComparer.Ordinal)
        {
            ["layer_norm_eps"] = JsonValue.Create(1e-6),
            ["hidden_act"] = JsonValue.Create("silu"),
            ["attention_probs_dropout_prob"] = JsonValue.Create(0.0),
            ["tie_word_embeddings"] = JsonValue.Create(false),
            ["max_position_embeddings"] = JsonValue.Create(_isMistral ? 131072 : _isQwen2 ? 32768 : 2048),
            ["bos_token_id"] = JsonValue.Create(_isQwen2 ? -1 : 1),
            ["pad_token_id"] = JsonValue.Create(-1),
            ["eos_token_id"] = JsonValue.Create(_isQwen2 ? -1 : 2),
        };
        if (_isMistral || _isQwen2) defaults["num_key_value_heads"] = JsonValue.Create(_isMistral ? 8 : 32);
        Defaults = defaults;
    }

    /// <inheritdoc/>
    public override string Type { get; }

    /// <inheritdoc/>
    public override bool IsMasked => false;

    /// <inheritdoc/>
    public override string WordEmbeddings => Words;

    /// <inheritdoc/>
    public override string OutputProjection => OutputWeight;

    internal override IReadOnlyDictionary<string, JsonValue> Defaults { get; }

    internal override string Field(string usual) => usual switch
    {
        "layer_norm_eps" => "rms_norm_eps",
        "attention_probs_dropout_prob" => "attention_dropout",
        _ => usual,
    };

    /// <inheritdoc/>
    public override AttentionKind OwnAttention(ModelConfig config) => AttentionKind.Causal;

    /// <summary>The rotary frequencies that config.json asks for, and what turned numbers are multiplied by.</summary>
    internal static (double[] Frequencies, double Magnitude) Frequencies(ModelConfig config)
    {
        var settings = new RotarySettings(config);
        return RotaryFrequencies.Of(settings.Base, config.HeadSize, config.MaxPositionEmbeddings, settings.Scaling);
    }

    internal override void Check(ConfigCheck check)
    {
        var config = check.Config;
        check.Positive("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
            "max_position_embeddings", "num_key_value_heads", "head_dim");
        check.Share("attention_probs_dropout_prob");
        check.Epsilon("layer_norm_eps");
        check.Activation("hidden_act");
        if (_isMistral || _isQwen2)
            foreach (string field in (string[])["attention_bias", "mlp_bias"]) check.Refuse(field);
        else check.Flags("attention_bias", "mlp_bias");
        CheckWindow(check);
        if (config.KeyValueHeads > 0 && config.Heads % config.KeyValueHeads != 0)
            check.Wrong("num_key_value_heads", $"a divisor of num_attention_heads, {config.Heads}");
        if (config.HeadSize % 2 != 0) check.Wrong("head_dim", "an even number");
        RotarySettings.Check(check);
    }

    /// <summary>A window that slides is refused, unless it holds every canvas.</summary>
    void CheckWindow(ConfigCheck check)
    {
        var config = check.Config;
        var types = config.Raw("layer_types") switch
        {
            null => [],
            JsonArray list => list.Select(t => t is JsonValue value && value.TryGetValue(out string? type) ? type : "").ToList(),
            _ => [""],
        };
        bool slides = types.Contains("sliding_attention"), isKnown = types.TrueForAll(t => t is "full_attention" or "sliding_attention");
        if (!isKnown || slides && !_isMistral && !_isQwen2) check.Wrong("layer_types", "full_attention for every layer");
        if (_isQwen2)
        {
            check.Flags("use_sliding_window");
            slides = slides || config.Flag("use_sliding_window", false)
                && (config.Says("max_window_layers") ? config.Integer("max_window_layers") : 28) < config.Layers;
        }
        if (!(slides || _isMistral) || config.Says("sliding_window") && config.Raw("sliding_window") is null) return;
        int window = config.Says("sliding_window") ? config.Integer("sliding_window") : UsualWindow;
        if (window < config.MaxPositionEmbeddings)
            check.Wrong("sliding_window", $"null, or at least max_position_embeddings, {config.MaxPositionEmbeddings}");
    }

    /// <inheritdoc/>
    public override IEnumerable<ParameterShape> Layout(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, f = config.FeedForwardSize, q = (long)config.Heads * config.HeadSize,
            kv = (long)config.KeyValueHeads * config.HeadSize;
        bool attentionBias = config.Flag("attention_bias", false), inputBias = attentionBias
            || _isQwen2, feedForwardBias = config.Flag("mlp_bias", false);
        yield return ParameterShape.Of(Words, config.VocabularySize, d);
        for (int i = 0; i < config.Layers; i++)
        {
            string layer = $"model.layers.{i}";
            foreach (var (name, rows, columns, bias) in new[]
            {
                (".self_attn.q_proj", q, d, inputBias), (".self_attn.k_proj", kv, d, inputBias), (".self_attn.v_proj", kv, d, inputBias),
                (".self_attn.o_proj", d, q, attentionBias), (".mlp.gate_proj", f, d, feedForwardBias),
                (".mlp.down_proj", d, f, feedForwardBias), (".mlp.up_proj", f, d, feedForwardBias),
            })
            {
                yield return ParameterShape.Of(layer + name + ".weight", rows, columns);
                if (bias) yield return ParameterShape.Of(layer + name + ".bias", rows);
            }
            yield return ParameterShape.Of(layer + ".input_layernorm.weight", d);
            yield return ParameterShape.Of(layer + ".post_attention_layernorm.weight", d);
        }
        yield return ParameterShape.Of("model.norm.weight", d);
        if (!config.IsTied) yield return ParameterShape.Of(OutputWeight, config.VocabularySize, d);
    }

    internal override string Canonical(string name, ModelConfig config)
    {
        if (name == OutputWeight) return config.IsTied ? Words : name;
        return StartsWithAny(name, "embed_tokens.", "layers.", "norm.", "rotary_emb.") ? "model." + name : name;
    }

    internal override bool IsIgnored(string name) => name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    internal override bool IsPerToken(string name) => name is Words or OutputWeight;

    internal override LanguageModel Build(ModelConfig config, Device? device) => new Llama(config, device);

    internal override JsonObject NewConfig(NewModel spec, int pad) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["attention_bias"] = false,
        ["attention_dropout"] = spec.Dropout,
        ["hidden_act"] = "silu",
        ["hidden_size"] = spec.HiddenSize,
        ["intermediate_size"] = spec.FeedForwardSize,
        ["max_position_embeddings"] = spec.MaxPositions,
        ["num_attention_heads"] = spec.Heads,
        ["num_hidden_layers"] = spec.Layers,
        ["num_key_value_heads"] = spec.Heads,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
    };

    internal override double LayerWeights(ModelConfig config) =>
        config.Layers * ((double)config.HiddenSize * config.HeadSize * 2 * (config.Heads + config.KeyValueHeads)
        + 3.0 * config.HiddenSize * config.FeedForwardSize);

    internal override double HeadWeights(ModelConfig config) => (double)config.HiddenSize * config.VocabularySize;
}
