using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>LLaMA: no position table, key-value heads shared by groups, an output projection that is mostly its own.</summary>
public sealed class LlamaFamily : ModelFamily
{
    internal const string Words = "model.embed_tokens.weight", OutputWeight = "lm_head.weight";

    /// <inheritdoc/>
    public override string Type => "llama";

    /// <inheritdoc/>
    public override bool IsMasked => false;

    /// <inheritdoc/>
    public override string WordEmbeddings => Words;

    internal override IReadOnlyDictionary<string, JsonValue> Defaults { get; } = new Dictionary<string, JsonValue>(StringComparer.Ordinal)
    {
        ["layer_norm_eps"] = JsonValue.Create(1e-6),
        ["hidden_act"] = JsonValue.Create("silu"),
        ["attention_probs_dropout_prob"] = JsonValue.Create(0.0),
        ["tie_word_embeddings"] = JsonValue.Create(false),
        ["max_position_embeddings"] = JsonValue.Create(2048),
        ["bos_token_id"] = JsonValue.Create(1),
        ["pad_token_id"] = JsonValue.Create(-1),
        ["eos_token_id"] = JsonValue.Create(2),
    };

    internal override string Field(string usual) => usual switch
    {
        "layer_norm_eps" => "rms_norm_eps",
        "attention_probs_dropout_prob" => "attention_dropout",
        _ => usual,
    };

    /// <inheritdoc/>
    public override AttentionStrategy OwnAttention(ModelConfig config) => AttentionStrategy.Causal;

    /// <summary>The rotary frequencies that config.json asks for, and what turned numbers are multiplied by.</summary>
    internal static (double[] Frequencies, double Magnitude) Frequencies(ModelConfig config) =>
        RotaryFrequencies.Of(Theta(config), config.HeadSize, config.MaxPositionEmbeddings, Scaling(config));

    /// <summary>Newer files have all of it in rope_parameters.</summary>
    static JsonObject? Scaling(ModelConfig config) => config.Object("rope_scaling") ?? config.Object("rope_parameters");

    static double Theta(ModelConfig config) =>
        config.Object("rope_parameters")?["rope_theta"] is JsonValue value && value.TryGetValue(out double theta) ? theta : config.Real("rope_theta", 10000);

    internal override void Check(ConfigCheck check)
    {
        var config = check.Config;
        check.Positive("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings", "num_key_value_heads", "head_dim");
        check.Share("attention_probs_dropout_prob");
        check.Epsilon("layer_norm_eps");
        check.Activation("hidden_act");
        check.Flags("attention_bias", "mlp_bias");
        if (config.KeyValueHeads > 0 && config.Heads % config.KeyValueHeads != 0) check.Wrong("num_key_value_heads", $"a divisor of num_attention_heads, {config.Heads}");
        if (config.HeadSize % 2 != 0) check.Wrong("head_dim", "an even number");
        if (Theta(config) is not > 1) check.Wrong("rope_theta", "a number above 1");
        if (config.Real("partial_rotary_factor", 1) != 1) check.Wrong("partial_rotary_factor", "1");
        if (RotaryFrequencies.Check(Scaling(config)) is { } scaling)
            check.Wrong(config.Object("rope_scaling") is null ? "rope_parameters" : "rope_scaling", $"{scaling.Field} {scaling.Expected}");
    }

    /// <inheritdoc/>
    public override IEnumerable<ParameterShape> Layout(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, f = config.FeedForwardSize, q = (long)config.Heads * config.HeadSize, kv = (long)config.KeyValueHeads * config.HeadSize;
        bool attentionBias = config.Flag("attention_bias", false), feedForwardBias = config.Flag("mlp_bias", false);
        yield return ParameterShape.Of(Words, config.VocabularySize, d);
        for (int i = 0; i < config.Layers; i++)
        {
            string layer = $"model.layers.{i}";
            foreach (var (name, rows, columns, bias) in new[]
            {
                (".self_attn.q_proj", q, d, attentionBias), (".self_attn.k_proj", kv, d, attentionBias), (".self_attn.v_proj", kv, d, attentionBias),
                (".self_attn.o_proj", d, q, attentionBias), (".mlp.gate_proj", f, d, feedForwardBias), (".mlp.down_proj", d, f, feedForwardBias), (".mlp.up_proj", f, d, feedForwardBias),
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

    internal override JsonObject NewConfig(NewModelSpec spec, int pad) => new()
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

    internal override double LayerWeights(ModelConfig config) => config.Layers * ((double)config.HiddenSize * config.HeadSize * 2 * (config.Heads + config.KeyValueHeads)
        + 3.0 * config.HiddenSize * config.FeedForwardSize);

    internal override double HeadWeights(ModelConfig config) => (double)config.HiddenSize * config.VocabularySize;
}
