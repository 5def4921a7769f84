using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// A Hugging Face <c>config.json</c>: every field is kept as it stands, those that matter here are typed and checked. Fields
/// are asked for by the names that most families use; a family with others translates them.
/// </summary>
public sealed class ModelConfig
{
    /// <summary>The file's name inside a checkpoint folder.</summary>
    public const string FileName = "config.json";

    /// <summary>The architectures (<c>model_type</c>) that can be built anew; folders may be of their relatives as well.</summary>
    public static IReadOnlyList<string> Architectures => [.. ModelFamily.All.Select(f => f.Type)];

    static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly string[] SpecialIds = ["bos_token_id", "pad_token_id", "eos_token_id", "cls_token_id", "sep_token_id", "mask_token_id",
        "unk_token_id", "decoder_start_token_id"];

    readonly JsonObject _json;

    ModelConfig(JsonObject json, ModelFamily family) => (_json, Family) = (json, family);

    /// <summary>The family that <c>model_type</c> names.</summary>
    public ModelFamily Family { get; }

    /// <summary><c>model_type</c>.</summary>
    public string Architecture => Family.Type;

    /// <summary><c>vocab_size</c>: rows of the embeddings.</summary>
    public int VocabularySize => Family.VocabularySize(this);

    /// <summary><c>hidden_size</c>, d.</summary>
    public int HiddenSize => Integer("hidden_size");

    /// <summary><c>num_hidden_layers</c>.</summary>
    public int Layers => Integer("num_hidden_layers");

    /// <summary><c>num_attention_heads</c>, H.</summary>
    public int Heads => Integer("num_attention_heads");

    /// <summary><c>num_key_value_heads</c>; H where it is absent.</summary>
    public int KeyValueHeads => Node("num_key_value_heads") is null ? Heads : Integer("num_key_value_heads");

    /// <summary><c>head_dim</c>, d_h; d / H where it is absent.</summary>
    public int HeadSize => Has("head_dim") ? Integer("head_dim") : HiddenSize / Math.Max(1, Heads);

    /// <summary><c>intermediate_size</c>; GPT-2's is 4 d where it is absent.</summary>
    public int FeedForwardSize => Family is Gpt2Family or SeddFamily && !Has("intermediate_size")
        ? 4 * HiddenSize
        : Integer("intermediate_size");

    /// <summary>
    /// <c>max_position_embeddings</c>: rows of the position table, of which the first <see cref="PositionOffset"/> are no token's.
    /// </summary>
    public int MaxPositionEmbeddings => Integer("max_position_embeddings");

    /// <summary><c>layer_norm_eps</c>, LLaMA's <c>rms_norm_eps</c>.</summary>
    public double NormEpsilon => Real("layer_norm_eps");

    /// <summary><c>hidden_act</c>, the feed-forward parts' activation.</summary>
    public string Activation => Text("hidden_act");

    /// <summary><c>hidden_dropout_prob</c>, in [0, 1).</summary>
    public double HiddenDropout => Real("hidden_dropout_prob", 0);

    /// <summary><c>attention_probs_dropout_prob</c>, in [0, 1).</summary>
    public double AttentionDropout => Real("attention_probs_dropout_prob", 0);

    /// <summary>GPT-2's <c>embd_pdrop</c>, in [0, 1).</summary>
    public double EmbeddingDropout => Real("embedding_dropout_prob", 0);

    /// <summary><c>initializer_range</c>: the standard deviation of a new model's weights.</summary>
    public double InitializerRange => Real("initializer_range", 0.02);

    /// <summary><c>tie_word_embeddings</c>: the output projection is the word embeddings.</summary>
    public bool IsTied => Flag("tie_word_embeddings", true);

    /// <summary><c>bos_token_id</c>, -1 where there is none.</summary>
    public int BosTokenId => Integer("bos_token_id");

    /// <summary><c>pad_token_id</c>, -1 where there is none.</summary>
    public int PadTokenId => Integer("pad_token_id");

    /// <summary><c>eos_token_id</c>, -1 where there is none; the first where there are several.</summary>
    public int EosTokenId => Integer("eos_token_id");

    /// <summary>The first token's row of the position table: <c>pad_token_id + 1</c> in the RoBERTa family, otherwise 0.</summary>
    public int PositionOffset => Family.PositionOffset(this);

    /// <summary>The longest canvas in tokens: <see cref="MaxPositionEmbeddings"/> - <see cref="PositionOffset"/>.</summary>
    public int UsablePositions => MaxPositionEmbeddings - PositionOffset;

    /// <summary>
    /// Reads <c>config.json</c> of a folder; adds what is wrong to <paramref name="problems"/> and returns null when it can't be used.
    /// </summary>
    public static ModelConfig? Read(string folder, ICollection<CheckpointProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (JsonFile.ReadObject(folder, FileName, problems, required: true) is not { } json) return null;
        string? type = json["model_type"] is JsonValue value && value.TryGetValue(out string? text) ? text : SeddFamily.IsLayout(json)
            ? SeddFamily.Name
            : null;
        if (type is null || ModelFamily.Of(type) is not { } family)
        {
            problems.Add(new CheckpointProblem(FileName, "model_type",
                json["model_type"] is null ? "the field is missing" : "the value can't be used",
                $"{string.Join(" or ", Architectures)} (or of the same "
                    + $"layout: {string.Join(", ", ModelFamily.Relatives.Select(f => f.Type))})", json["model_type"]?.ToJsonString()));
            return null;
        }
        var config = new ModelConfig(json, family);
        var found = config.Validate();
        foreach (var problem in found) problems.Add(problem);
        return found.Count == 0 ? config : null;
    }

    /// <summary>The configuration of a new model for a tokenizer's vocabulary and special tokens.</summary>
    /// <param name="spec">Its shape.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="specials">The special tokens.</param>
    /// <param name="objective">What it is to be trained on, which a network that is told the noise depends on; null for the family's
    /// usual.</param>
    public static ModelConfig Create(NewModel spec, int vocabularySize, Tokenization.SpecialTokens specials,
        ObjectiveSettings? objective = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(specials);
        var family = ModelFamily.OfNew(spec.Architecture)
            ?? throw new ArgumentException($"There is no architecture '{spec.Architecture}'.", nameof(spec));
        var fields = family.NewConfig(spec, specials.Pad);
        fields["bos_token_id"] = specials.Bos;
        fields["eos_token_id"] = specials.Eos;
        if (!fields.ContainsKey(family.Field("initializer_range"))) fields["initializer_range"] = ModelFamily.InitializerRange(spec);
        fields["model_type"] = family.Type;
        fields["pad_token_id"] = specials.Pad;
        if (!fields.ContainsKey("tie_word_embeddings")) fields["tie_word_embeddings"] = true;
        fields["torch_dtype"] = "float32";
        family.SetProcess(fields, objective ?? new ObjectiveSettings());
        family.SetVocabulary(fields, vocabularySize);
        return new ModelConfig(new JsonObject(fields.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))), family);
    }

    /// <summary>The same configuration for another vocabulary.</summary>
    /// <param name="size">V.</param>
    /// <param name="map">From ids of this configuration to ids of the new one, for the special tokens; null where they stay.</param>
    public ModelConfig WithVocabulary(int size, Func<int, int>? map = null)
    {
        var copy = With();
        Family.SetVocabulary(copy._json, size);
        foreach (string field in map is null ? [] : SpecialIds)
            if (copy._json[field] is JsonValue value && value.TryGetValue(out int id)) copy._json[field] = map!(id);
            else if (copy._json[field] is JsonArray ids) copy._json[field] = new JsonArray([.. ids.Select(i => (JsonNode)map!((int)i!))]);
        return copy;
    }

    /// <summary>The same configuration with the noise that an objective asks for, where it asks for one.</summary>
    internal ModelConfig WithProcess(ObjectiveSettings objective)
    {
        var copy = With();
        Family.SetProcess(copy._json, objective);
        return copy;
    }

    /// <summary>The same configuration for weights of one type, F32, F16 or BF16, whatever they were.</summary>
    internal ModelConfig Of(SafeTensorType type)
    {
        string name = type switch
        {
            SafeTensorType.F32 => "float32",
            SafeTensorType.F16 => "float16",
            SafeTensorType.BF16 => "bfloat16",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Weights are F32, F16 or BF16."),
        };
        return _json.ContainsKey("dtype") ? With(("dtype", name)) : With(("torch_dtype", name));
    }

    /// <summary>The same configuration with some fields set.</summary>
    internal ModelConfig With(params ReadOnlySpan<(string Field, JsonNode? Value)> fields)
    {
        var copy = (JsonObject)_json.DeepClone();
        foreach (var (field, value) in fields) copy[field] = value;
        return new ModelConfig(copy, Family);
    }

    /// <summary>Writes <c>config.json</c> into a folder.</summary>
    public void Save(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), _json.ToJsonString(Indented) + "\n");

    /// <summary>A whole number; where it is absent the family's, or -1. An id that is null is none.</summary>
    public int Integer(string field) => Node(field) switch
    {
        null => -1,
        JsonValue value when value.TryGetValue(out int i) => i,
        JsonArray { Count: > 0 } list when SpecialIds.Contains(field) && list[0] is JsonValue first && first.TryGetValue(out int i) => i,
        _ => int.MinValue,
    };

    /// <summary>A number; where it is absent the family's, or <paramref name="absent"/>.</summary>
    public double Real(string field, double absent = double.NaN) => Node(field) switch
    {
        null => absent,
        JsonValue value when value.TryGetValue(out double d) => d,
        _ => double.NaN,
    };

    /// <summary>True or false; where it is absent the family's, or <paramref name="absent"/>.</summary>
    public bool Flag(string field, bool absent) => Node(field) is JsonValue value && value.TryGetValue(out bool flag) ? flag : absent;

    /// <summary>A field as the file has it; null where it is absent or null.</summary>
    internal JsonNode? Raw(string field) => _json[field];

    /// <summary>Whether the file has a field, be it null.</summary>
    internal bool Says(string field) => _json.ContainsKey(field);

    /// <summary>A text, empty where it is absent; <paramref name="raw"/>: any value as JSON, as the file has it.</summary>
    internal string Text(string field, bool raw = false) =>
        raw ? At(field)?.ToJsonString() ?? "" : Node(field) is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    bool Has(string field) => At(Family.Field(field)) is not null;

    // A dot leads into an object: model.hidden_size.
    JsonNode? At(string path)
    {
        JsonNode? node = _json;
        foreach (string name in path.Split('.')) node = node is JsonObject inner ? inner[name] : null;
        return node;
    }

    JsonNode? Node(string field)
    {
        string own = Family.Field(field);
        if (At(own) is { } node) return node;
        // An id that says null has no default: there is none. Nor are key-value heads shared then.
        return _json.ContainsKey(own) && (SpecialIds.Contains(field) || field == "num_key_value_heads")
            ? null
            : Family.Defaults.GetValueOrDefault(field);
    }

    List<CheckpointProblem> Validate()
    {
        var problems = new List<CheckpointProblem>();
        var check = new ConfigCheck(this, problems);
        Family.Check(check);
        if (InitializerRange is not (>= 0 and < 10)) check.Wrong("initializer_range", "a number, not negative");
        foreach (string field in (string[])["bos_token_id", "pad_token_id", "eos_token_id"])
            if (Integer(field) < -1) check.Wrong(field, "an integer, not negative");
        check.Flags("tie_word_embeddings", "is_decoder", "scale_attn_weights", "scale_attn_by_inverse_layer_idx");
        if (!Family.IsEncoderDecoder) check.Refuse("is_encoder_decoder");
        if (_json["pruned_heads"] is not (null or JsonObject { Count: 0 })) check.Wrong("pruned_heads", "no heads");
        if (_json["quantization_config"] is not null) check.Wrong("quantization_config", "weights that aren't quantised");
        if (problems.Count > 0) return problems;
        if (!Has("head_dim") && HiddenSize % Heads != 0)
            check.Wrong("num_attention_heads", $"a divisor of {Family.Field("hidden_size")}, {HiddenSize}");
        if (UsablePositions < 2) check.Wrong("max_position_embeddings", $"at least {PositionOffset + 2}");
        if (PadTokenId >= VocabularySize) check.Wrong("pad_token_id", $"an id below vocab_size, {VocabularySize}");
        return problems;
    }
}
