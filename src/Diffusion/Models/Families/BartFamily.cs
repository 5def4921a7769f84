using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>
/// BART: an encoder and a decoder that share their words. Its position tables have two rows more than there are positions.
/// </summary>
[Strategy("encoder-decoder", "an encoder for the prompt and a decoder for the response, as BART has them")]
public sealed class BartFamily : ModelFamily
{
    internal const string Words = "model.shared.weight", OutputWeight = "lm_head.weight", OutputBias = "final_logits_bias";
    internal const string Encoder = "model.encoder", Decoder = "model.decoder";

    static readonly Dictionary<string, string> Fields = new(StringComparer.Ordinal)
    {
        ["hidden_size"] = "d_model",
        ["num_hidden_layers"] = "encoder_layers",
        ["num_attention_heads"] = "encoder_attention_heads",
        ["intermediate_size"] = "encoder_ffn_dim",
        ["hidden_act"] = "activation_function",
        ["hidden_dropout_prob"] = "dropout",
        ["attention_probs_dropout_prob"] = "attention_dropout",
        ["initializer_range"] = "init_std",
    };

    /// <inheritdoc/>
    public override string Type => "bart";

    /// <inheritdoc/>
    public override bool IsMasked => false;

    /// <inheritdoc/>
    public override bool IsEncoderDecoder => true;

    /// <inheritdoc/>
    public override string WordEmbeddings => Words;

    /// <inheritdoc/>
    public override string OutputProjection => OutputWeight;

    internal override IReadOnlyDictionary<string, JsonValue> Defaults { get; } = new Dictionary<string, JsonValue>(StringComparer.Ordinal)
    {
        ["layer_norm_eps"] = JsonValue.Create(1e-5),
        ["hidden_act"] = JsonValue.Create("gelu"),
        ["hidden_dropout_prob"] = JsonValue.Create(0.1),
        ["attention_probs_dropout_prob"] = JsonValue.Create(0.0),
        ["activation_dropout"] = JsonValue.Create(0.0),
        ["tie_word_embeddings"] = JsonValue.Create(true),
        ["bos_token_id"] = JsonValue.Create(0),
        ["pad_token_id"] = JsonValue.Create(1),
        ["eos_token_id"] = JsonValue.Create(2),
        ["decoder_start_token_id"] = JsonValue.Create(2),
    };

    internal override string Field(string usual) => Fields.GetValueOrDefault(usual, usual);

    /// <inheritdoc/>
    public override AttentionKind OwnAttention(ModelConfig config) => AttentionKind.Causal;

    internal override bool IsTable(string name) => IsPerToken(name) || name.EndsWith(".embed_positions.weight", StringComparison.Ordinal);

    internal override void Check(ConfigCheck check)
    {
        check.Positive("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
            "max_position_embeddings",
            "decoder_layers", "decoder_attention_heads", "decoder_ffn_dim");
        check.Share("hidden_dropout_prob", "attention_probs_dropout_prob", "activation_dropout");
        check.Activation("hidden_act");
        check.Flags("scale_embedding");
        var config = check.Config;
        if (config.Integer("decoder_attention_heads") is > 0 and var heads && config.HiddenSize % heads != 0)
            check.Wrong("decoder_attention_heads", $"a divisor of d_model, {config.HiddenSize}");
        if (config.Integer("decoder_start_token_id") is var start && (start < 0 || start >= config.VocabularySize))
            check.Wrong("decoder_start_token_id", $"an id below vocab_size, {config.VocabularySize}");
    }

    /// <inheritdoc/>
    public override IEnumerable<ParameterShape> Layout(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, v = config.VocabularySize;
        yield return ParameterShape.Of(OutputBias, 1, v);
        yield return ParameterShape.Of(Words, v, d);
        foreach (string stack in (string[])[Encoder, Decoder])
        {
            bool isDecoder = stack == Decoder;
            long f = isDecoder ? config.Integer("decoder_ffn_dim") : config.FeedForwardSize;
            int layers = isDecoder ? config.Integer("decoder_layers") : config.Layers;
            yield return ParameterShape.Of(stack + ".embed_positions.weight",
                config.MaxPositionEmbeddings + Layers.TransformerStack.PositionOffset, d);
            for (int i = 0; i < layers; i++)
            {
                string layer = $"{stack}.layers.{i}";
                foreach (string part in isDecoder ? (string[])["self_attn", "encoder_attn"] : ["self_attn"])
                {
                    foreach (string projection in (string[])["k_proj", "v_proj", "q_proj", "out_proj"])
                        foreach (var p in Affine($"{layer}.{part}.{projection}", d, d)) yield return p;
                    foreach (var p in Affine($"{layer}.{part}_layer_norm", d)) yield return p;
                }
                foreach (var p in Affine(layer + ".fc1", f, d)) yield return p;
                foreach (var p in Affine(layer + ".fc2", d, f)) yield return p;
                foreach (var p in Affine(layer + ".final_layer_norm", d)) yield return p;
            }
            foreach (var p in Affine(stack + ".layernorm_embedding", d)) yield return p;
        }
        if (!config.IsTied) yield return ParameterShape.Of(OutputWeight, v, d);
    }

    internal override string Canonical(string name, ModelConfig config)
    {
        if (StartsWithAny(name, "shared.", "encoder.", "decoder.")) name = "model." + name;
        if (name is Encoder + ".embed_tokens.weight" or Decoder + ".embed_tokens.weight") return Words;
        return name == OutputWeight && config.IsTied ? Words : name;
    }

    /// <summary>The first editions kept a count of positions.</summary>
    internal override bool IsIgnored(string name) => name is Encoder + ".version" or Decoder + ".version";

    internal override bool IsPerToken(string name) => name is Words or OutputWeight or OutputBias;

    internal override int TokenAxis(string name) => name == OutputBias ? 1 : 0;

    internal override LanguageModel Build(ModelConfig config, Device? device) => new Bart(config, device);

    internal override IEnumerable<(string Name, long Row)> ZeroRows(ModelConfig config) =>
        config.PadTokenId < 0 ? [] : [(Words, config.PadTokenId)];

    internal override JsonObject NewConfig(NewModel spec, int pad) => new()
    {
        ["activation_dropout"] = 0.0,
        ["activation_function"] = "gelu",
        ["architectures"] = new JsonArray("BartForConditionalGeneration"),
        ["attention_dropout"] = spec.Dropout,
        ["d_model"] = spec.HiddenSize,
        ["decoder_attention_heads"] = spec.Heads,
        ["decoder_ffn_dim"] = spec.FeedForwardSize,
        ["decoder_layers"] = spec.Layers,
        ["decoder_start_token_id"] = 0,
        ["dropout"] = spec.Dropout,
        ["encoder_attention_heads"] = spec.Heads,
        ["encoder_ffn_dim"] = spec.FeedForwardSize,
        ["encoder_layers"] = spec.Layers,
        ["init_std"] = InitializerRange(spec),
        ["is_encoder_decoder"] = true,
        ["max_position_embeddings"] = spec.MaxPositions,
        ["scale_embedding"] = false,
    };

    internal override double LayerWeights(ModelConfig config) => Weights(config, encoder: true) + Weights(config, encoder: false);

    internal override double HeadWeights(ModelConfig config) => (double)config.HiddenSize * config.VocabularySize;

    /// <summary>
    /// The prompt passes the encoder, and each decoder layer projects its states once more; the response passes the decoder.
    /// </summary>
    internal override double BodyFlops(ModelConfig config, int prompt, int canvas)
    {
        double d = config.HiddenSize, p = prompt, r = canvas - prompt, decoderLayers = config.Integer("decoder_layers");
        double products = p * (Weights(config, encoder: true) + 2 * decoderLayers * d * d)
            + r * (Weights(config, encoder: false) - 2 * decoderLayers * d * d);
        double pairs = config.Layers * p * p + decoderLayers * (r * r + r * p);
        return 2 * products + 4 * pairs * d;
    }

    static double Weights(ModelConfig config, bool encoder)
    {
        double d = config.HiddenSize;
        return encoder
            ? config.Layers * (4 * d * d + 2 * d * config.FeedForwardSize)
            : config.Integer("decoder_layers") * (8 * d * d + 2 * d * config.Integer("decoder_ffn_dim"));
    }
}
