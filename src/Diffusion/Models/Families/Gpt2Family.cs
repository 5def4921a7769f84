using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>GPT-2, whose config.json and tensors have names of their own and whose projections are kept (in, out).</summary>
[Strategy("gpt2", "GPT-2")]
public sealed class Gpt2Family : ModelFamily
{
    internal const string Words = "transformer.wte.weight", PositionEmbeddings = "transformer.wpe.weight", OutputWeight = "lm_head.weight";

    static readonly Dictionary<string, string> Fields = new(StringComparer.Ordinal)
    {
        ["hidden_size"] = "n_embd",
        ["num_hidden_layers"] = "n_layer",
        ["num_attention_heads"] = "n_head",
        ["intermediate_size"] = "n_inner",
        ["max_position_embeddings"] = "n_positions",
        ["layer_norm_eps"] = "layer_norm_epsilon",
        ["hidden_act"] = "activation_function",
        ["hidden_dropout_prob"] = "resid_pdrop",
        ["attention_probs_dropout_prob"] = "attn_pdrop",
        ["embedding_dropout_prob"] = "embd_pdrop",
    };

    /// <inheritdoc/>
    public override string Type => "gpt2";

    /// <inheritdoc/>
    public override bool IsMasked => false;

    /// <inheritdoc/>
    public override string WordEmbeddings => Words;

    /// <inheritdoc/>
    public override string OutputProjection => OutputWeight;

    internal override IReadOnlyDictionary<string, JsonValue> Defaults { get; } = new Dictionary<string, JsonValue>(StringComparer.Ordinal)
    {
        ["layer_norm_eps"] = JsonValue.Create(1e-5),
        ["hidden_act"] = JsonValue.Create("gelu_new"),
        ["hidden_dropout_prob"] = JsonValue.Create(0.1),
        ["attention_probs_dropout_prob"] = JsonValue.Create(0.1),
        ["embedding_dropout_prob"] = JsonValue.Create(0.1),
        ["tie_word_embeddings"] = JsonValue.Create(true),
        ["bos_token_id"] = JsonValue.Create(50256),
        ["pad_token_id"] = JsonValue.Create(-1),
        ["eos_token_id"] = JsonValue.Create(50256),
    };

    internal override string Field(string usual) => Fields.GetValueOrDefault(usual, usual);

    /// <inheritdoc/>
    public override AttentionKind OwnAttention(ModelConfig config) => AttentionKind.Causal;

    internal override void Check(ConfigCheck check)
    {
        check.Positive("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
            "max_position_embeddings");
        check.Share("hidden_dropout_prob", "attention_probs_dropout_prob", "embedding_dropout_prob");
        check.Epsilon("layer_norm_eps");
        check.Activation("hidden_act");
        check.Refuse("add_cross_attention");
    }

    /// <inheritdoc/>
    public override IEnumerable<ParameterShape> Layout(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, f = config.FeedForwardSize, v = config.VocabularySize;
        yield return ParameterShape.Of(Words, v, d);
        yield return ParameterShape.Of(PositionEmbeddings, config.MaxPositionEmbeddings, d);
        for (int i = 0; i < config.Layers; i++)
        {
            string layer = $"transformer.h.{i}";
            foreach (var p in Affine(layer + ".ln_1", d)) yield return p;
            foreach (var p in Transposed(layer + ".attn.c_attn", d, 3 * d)) yield return p;
            foreach (var p in Transposed(layer + ".attn.c_proj", d, d)) yield return p;
            foreach (var p in Affine(layer + ".ln_2", d)) yield return p;
            foreach (var p in Transposed(layer + ".mlp.c_fc", d, f)) yield return p;
            foreach (var p in Transposed(layer + ".mlp.c_proj", f, d)) yield return p;
        }
        foreach (var p in Affine("transformer.ln_f", d)) yield return p;
        if (!config.IsTied) yield return ParameterShape.Of(OutputWeight, v, d);
    }

    static ParameterShape[] Transposed(string name, long inputs, long outputs) =>
        [ParameterShape.Of(name + ".weight", inputs, outputs), ParameterShape.Of(name + ".bias", outputs)];

    internal override string Canonical(string name, ModelConfig config)
    {
        if (name == OutputWeight) return config.IsTied ? Words : name;
        return StartsWithAny(name, "wte.", "wpe.", "h.", "ln_f.") ? "transformer." + name : name;
    }

    /// <summary>Old files keep the causal mask of each layer.</summary>
    internal override bool IsIgnored(string name) =>
        name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);

    internal override bool IsPerToken(string name) => name is Words or OutputWeight;

    internal override LanguageModel Build(ModelConfig config, Device? device) => new Gpt2(config, device);

    /// <summary>The projections that end in the stream of residuals start smaller by the square root of their number.</summary>
    internal override double InitialScale(string name, ModelConfig config) =>
        name.EndsWith("c_proj.weight", StringComparison.Ordinal) ? 1 / Math.Sqrt(2 * config.Layers) : 1;

    internal override JsonObject NewConfig(NewModel spec, int pad) => new()
    {
        ["activation_function"] = "gelu_new",
        ["architectures"] = new JsonArray("GPT2LMHeadModel"),
        ["attn_pdrop"] = spec.Dropout,
        ["embd_pdrop"] = spec.Dropout,
        ["layer_norm_epsilon"] = 1e-5,
        ["n_embd"] = spec.HiddenSize,
        ["n_head"] = spec.Heads,
        ["n_inner"] = spec.FeedForwardSize,
        ["n_layer"] = spec.Layers,
        ["n_positions"] = spec.MaxPositions,
        ["resid_pdrop"] = spec.Dropout,
    };

    internal override double LayerWeights(ModelConfig config) =>
        config.Layers * (4.0 * config.HiddenSize * config.HiddenSize + 2.0 * config.HiddenSize * config.FeedForwardSize);

    internal override double HeadWeights(ModelConfig config) => (double)config.HiddenSize * config.VocabularySize;
}
