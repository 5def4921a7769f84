using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>
/// What Hugging Face's checkpoints of one family look like: the fields of config.json, the names and shapes of the tensors,
/// and the network that they are for.
/// </summary>
public abstract class ModelFamily
{
    static readonly ConcurrentDictionary<string, ModelFamily> s_made = new(StringComparer.Ordinal);

    /// <summary>
    /// The families of which new models can be made, by their names in manifests: types with a constructor that takes nothing, or the name.
    /// </summary>
    public static StrategyRegistry<ModelFamily> Registry { get; } = new(StrategyKind.Architecture, typeof(ModelFamily).Assembly);

    /// <summary>All families of which new models can be made.</summary>
    public static IReadOnlyList<ModelFamily> All => [.. Registry.Cards.Select(c => OfNew(c.Name)!)];

    /// <summary>Families whose folders can be used because their network is that of one of <see cref="All"/>.</summary>
    public static IReadOnlyList<ModelFamily> Relatives { get; } =
    [
        new EncoderFamily("camembert"), new EncoderFamily("data2vec-text"), new EncoderFamily("ernie"), new LlamaFamily("mistral"),
        new LlamaFamily("qwen2"),
    ];

    /// <summary>The <c>model_type</c> of config.json.</summary>
    public abstract string Type { get; }

    /// <summary>What config.json's fields are where they are absent, by their usual names.</summary>
    internal abstract IReadOnlyDictionary<string, JsonValue> Defaults { get; }

    /// <summary>Which positions see which where nothing else is said: causal for decoders.</summary>
    public abstract AttentionKind OwnAttention(ModelConfig config);

    /// <summary>Whether the family has a predictor of each position's own token: a masked language model.</summary>
    public abstract bool IsMasked { get; }

    /// <summary>
    /// Whether the network is told the noise level and gives probability ratios (SEDD): it is trained and sampled by processes and presets
    /// of its own.
    /// </summary>
    public virtual bool GivesScores => false;

    /// <summary>
    /// What stands behind the slots of a canvas where a folder wasn't adapted here: SEDD's published networks know no closing token.
    /// </summary>
    public virtual CanvasClosing OwnClosing => CanvasClosing.Eos;

    /// <summary>The process of a model that nothing was said of: what its family is trained by where it comes from.</summary>
    public virtual string OwnProcess(ModelConfig config) => IsMasked ? "absorbing" : "autoregressive";

    /// <summary>Whether prompts and responses have networks of their own.</summary>
    public virtual bool IsEncoderDecoder => false;

    /// <summary>The table whose rows are the tokens' embeddings. // (V, e)</summary>
    public abstract string WordEmbeddings { get; }

    /// <summary>The output projection where it isn't the word embeddings. // (V, e)</summary>
    public abstract string OutputProjection { get; }

    /// <summary>The prefix of the names of all but the head, with its dot.</summary>
    internal string BodyPrefix => WordEmbeddings[..(WordEmbeddings.IndexOf('.', StringComparison.Ordinal) + 1)];

    /// <summary>All parameters of a configuration, in the order of Hugging Face's module.</summary>
    public abstract IEnumerable<ParameterShape> Layout(ModelConfig config);

    /// <summary>The family's own name for one of config.json's fields, such as n_embd for hidden_size.</summary>
    internal virtual string Field(string usual) => usual;

    /// <summary>Checks what the family alone asks of its config.json.</summary>
    internal abstract void Check(ConfigCheck check);

    /// <summary>The parameter that a file's tensor is for, whatever writers have called it: prefixes, old names, tied tensors.</summary>
    internal abstract string Canonical(string name, ModelConfig config);

    /// <summary>Whether a tensor that the network doesn't need may be in its file, by its canonical name: it is kept as it is.</summary>
    internal abstract bool IsIgnored(string name);

    /// <summary>Whether a parameter has a row for each token.</summary>
    internal abstract bool IsPerToken(string name);

    /// <summary>The dimension of such a parameter that counts tokens.</summary>
    internal virtual int TokenAxis(string name) => 0;

    /// <summary>Whether a parameter is a table of embeddings, looked up and not multiplied by.</summary>
    internal virtual bool IsTable(string name) => IsPerToken(name) || name.Contains("_embeddings.", StringComparison.Ordinal)
        || name.EndsWith(".wpe.weight", StringComparison.Ordinal);

    /// <summary>V, of a configuration.</summary>
    internal virtual int VocabularySize(ModelConfig config) => config.Integer("vocab_size");

    /// <summary>Writes V into a config.json.</summary>
    internal virtual void SetVocabulary(JsonObject json, int size) => json["vocab_size"] = size;

    /// <summary>Writes into a config.json what a network that is told the noise has of its process.</summary>
    internal virtual void SetProcess(JsonObject json, ObjectiveSettings objective)
    {
    }

    /// <summary>The special tokens of a folder that wasn't adapted here.</summary>
    /// <param name="config">Its config.json.</param>
    /// <param name="tokenizer">Its tokenizer's, or null where it has none.</param>
    internal virtual SpecialTokens Specials(ModelConfig config, SpecialTokens? tokenizer)
    {
        if (tokenizer is not null) return tokenizer;
        int Known(int id) => id < config.VocabularySize ? id : -1; // GPT-2's own ids stand in the config of small relatives
        return new(Known(config.BosTokenId), Known(config.PadTokenId), Known(config.EosTokenId), -1, config.VocabularySize - 1);
    }

    /// <summary>The network with uninitialised weights.</summary>
    internal abstract LanguageModel Build(ModelConfig config, Device? device);

    /// <summary>config.json of a new model, without what all families share.</summary>
    internal abstract JsonObject NewConfig(NewModel spec, int pad);

    /// <summary>
    /// The standard deviation of a new model's first weights, sqrt(2 / (5 d)) (Nguyen and Salazar 2019): 0.023 at d = 768, where the
    /// families use 0.02, and larger for narrow models, whose attention otherwise stays flat for a thousand steps and more.
    /// </summary>
    internal static double InitializerRange(NewModel spec) => Math.Round(Math.Sqrt(2.0 / (5.0 * spec.HiddenSize)), 4);

    /// <summary>Rows before the first token's in the table of positions.</summary>
    internal virtual int PositionOffset(ModelConfig config) => 0;

    /// <summary>
    /// The rows of the position table that Hugging Face's forward pass takes from <c>input_ids</c>, or null for the first N in
    /// order. RoBERTa's skip the padding token wherever it stands.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="input_ids">Row by row. // (B * N)</param>
    /// <param name="columns">N.</param>
    internal virtual long[]? PositionRows(ModelConfig config, ReadOnlySpan<long> input_ids, int columns) => null;

    /// <summary>Rows that are zero in a new model.</summary>
    internal virtual IEnumerable<(string Name, long Row)> ZeroRows(ModelConfig config) => [];

    /// <summary>What a new model's standard deviation is multiplied by for one parameter.</summary>
    internal virtual double InitialScale(string name, ModelConfig config) => 1;

    /// <summary>How many times a position attends on its way through the network.</summary>
    internal virtual int Attentions(ModelConfig config) => config.Layers;

    /// <summary>Weights of the matrix products that each position passes in all layers.</summary>
    internal abstract double LayerWeights(ModelConfig config);

    /// <summary>Weights of the matrix products from a hidden state to its logits.</summary>
    internal abstract double HeadWeights(ModelConfig config);

    /// <summary>The operations of one canvas before the vocabulary: matrix products, attention scores, and values by them.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="canvas">L, tokens of the canvas.</param>
    internal virtual double BodyFlops(ModelConfig config, int prompt, int canvas) =>
        2.0 * canvas * LayerWeights(config) + 4.0 * Attentions(config) * canvas * canvas * config.Heads * config.HeadSize;

    /// <summary>The family of a new model, by its name in manifests or its <c>model_type</c>, or null.</summary>
    public static ModelFamily? OfNew(string architecture) =>
        Registry.TypeOf(architecture) is not { } type ? Of(architecture) : s_made.GetOrAdd(
        architecture, name => type.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, [typeof(string)])
            is null ? Registry.Create(name) : Registry.Create(name, name));

    /// <summary>The family of a <c>model_type</c>, or null.</summary>
    public static ModelFamily? Of(string type) => All.Concat(Relatives).FirstOrDefault(family => family.Type == type);

    /// <summary>A weight, and a bias as long as its first dimension.</summary>
    private protected static ParameterShape[] Affine(string name, params long[] weight) =>
        [new(name + ".weight", weight), new(name + ".bias", [weight[0]])];

    /// <summary>Old files call a norm's weight gamma and its bias beta.</summary>
    private protected static string Modern(string name) =>
        name.EndsWith(".gamma", StringComparison.Ordinal) ? name[..^5] + "weight"
        : name.EndsWith(".beta", StringComparison.Ordinal) ? name[..^4] + "bias"
        : name;

    private protected static bool StartsWithAny(string name, params ReadOnlySpan<string> prefixes)
    {
        foreach (string prefix in prefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return true;
        return false;
    }
}
