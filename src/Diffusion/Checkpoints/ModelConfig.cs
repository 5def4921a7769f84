using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// A Hugging Face <c>config.json</c>: every field is kept as it stands, those that matter here are typed and checked.
/// </summary>
public sealed class ModelConfig
{
    /// <summary>The file's name inside a checkpoint folder.</summary>
    public const string FileName = "config.json";

    /// <summary>The architectures (<c>model_type</c>) that can be built.</summary>
    public static IReadOnlyList<string> Architectures { get; } = ["xlm-roberta", "roberta"];

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly JsonObject json;

    ModelConfig(JsonObject json) => this.json = json;

    /// <summary><c>model_type</c>: xlm-roberta or roberta.</summary>
    public string Architecture => Text("model_type") ?? "";

    /// <summary><c>vocab_size</c>: rows of the tied embeddings.</summary>
    public int VocabularySize => Integer("vocab_size", 0);

    /// <summary><c>hidden_size</c>, d.</summary>
    public int HiddenSize => Integer("hidden_size", 0);

    /// <summary><c>num_hidden_layers</c>.</summary>
    public int Layers => Integer("num_hidden_layers", 0);

    /// <summary><c>num_attention_heads</c>; divides the hidden size.</summary>
    public int Heads => Integer("num_attention_heads", 0);

    /// <summary><c>intermediate_size</c>.</summary>
    public int FeedForwardSize => Integer("intermediate_size", 0);

    /// <summary><c>max_position_embeddings</c>: rows of the position table, of which the first <see cref="PositionOffset"/> are no token's.</summary>
    public int MaxPositionEmbeddings => Integer("max_position_embeddings", 0);

    /// <summary><c>type_vocab_size</c>; the first row is added to every position.</summary>
    public int TypeVocabularySize => Integer("type_vocab_size", 1);

    /// <summary><c>layer_norm_eps</c>; where it is absent 1e-12, Hugging Face's default for the family (published files say 1e-5).</summary>
    public double LayerNormEpsilon => Real("layer_norm_eps", 1e-12);

    /// <summary><c>hidden_dropout_prob</c>, in [0, 1).</summary>
    public double HiddenDropout => Real("hidden_dropout_prob", 0.1);

    /// <summary><c>attention_probs_dropout_prob</c>, in [0, 1).</summary>
    public double AttentionDropout => Real("attention_probs_dropout_prob", 0.1);

    /// <summary><c>initializer_range</c>: the standard deviation of a new model's weights.</summary>
    public double InitializerRange => Real("initializer_range", 0.02);

    /// <summary><c>bos_token_id</c>.</summary>
    public int BosTokenId => Integer("bos_token_id", 0);

    /// <summary><c>pad_token_id</c>.</summary>
    public int PadTokenId => Integer("pad_token_id", 1);

    /// <summary><c>eos_token_id</c>.</summary>
    public int EosTokenId => Integer("eos_token_id", 2);

    /// <summary>Positions start here: <c>pad_token_id + 1</c>, 2 in the RoBERTa family.</summary>
    public int PositionOffset => PadTokenId + 1;

    /// <summary>The longest canvas in tokens: <see cref="MaxPositionEmbeddings"/> - <see cref="PositionOffset"/>.</summary>
    public int UsablePositions => MaxPositionEmbeddings - PositionOffset;

    /// <summary>Reads <c>config.json</c> of a folder; adds what is wrong to <paramref name="problems"/> and returns null when it can't be used.</summary>
    public static ModelConfig? Read(string folder, ICollection<CheckpointProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (JsonFile.ReadObject(folder, FileName, problems, required: true) is not { } json) return null;
        var config = new ModelConfig(json);
        var found = config.Validate();
        foreach (var problem in found) problems.Add(problem);
        return found.Count == 0 ? config : null;
    }

    /// <summary>The configuration of a new model for a tokenizer's vocabulary and special tokens.</summary>
    public static ModelConfig Create(Models.NewModelSpec spec, int vocabularySize, Tokenization.SpecialTokens specials)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(specials);
        return new ModelConfig(new JsonObject
        {
            ["architectures"] = new JsonArray(spec.Architecture == "roberta" ? "RobertaForMaskedLM" : "XLMRobertaForMaskedLM"),
            ["attention_probs_dropout_prob"] = spec.Dropout,
            ["bos_token_id"] = specials.Bos,
            ["eos_token_id"] = specials.Eos,
            ["hidden_act"] = "gelu",
            ["hidden_dropout_prob"] = spec.Dropout,
            ["hidden_size"] = spec.HiddenSize,
            ["initializer_range"] = spec.InitializerRange,
            ["intermediate_size"] = spec.FeedForwardSize,
            ["layer_norm_eps"] = 1e-5,
            ["max_position_embeddings"] = spec.MaxPositions + specials.Pad + 1,
            ["model_type"] = spec.Architecture,
            ["num_attention_heads"] = spec.Heads,
            ["num_hidden_layers"] = spec.Layers,
            ["pad_token_id"] = specials.Pad,
            ["position_embedding_type"] = "absolute",
            ["tie_word_embeddings"] = true,
            ["torch_dtype"] = "float32",
            ["type_vocab_size"] = 1,
            ["vocab_size"] = vocabularySize,
        });
    }

    /// <summary>The same configuration for another number of tokens.</summary>
    public ModelConfig WithVocabularySize(int size)
    {
        var copy = (JsonObject)json.DeepClone();
        copy["vocab_size"] = size;
        return new ModelConfig(copy);
    }

    /// <summary>Writes <c>config.json</c> into a folder.</summary>
    public void Save(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), json.ToJsonString(Indented) + "\n");

    List<CheckpointProblem> Validate()
    {
        var problems = new List<CheckpointProblem>();
        void Wrong(string field, string expected) =>
            problems.Add(new CheckpointProblem(FileName, field, json.ContainsKey(field) ? "the value can't be used" : "the field is missing",
                expected, json[field]?.ToJsonString()));
        if (!Architectures.Contains(Architecture)) Wrong("model_type", string.Join(" or ", Architectures));
        foreach (string field in (string[])["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings"])
            if (Integer(field, 0) < 1) Wrong(field, "a positive integer");
        foreach (string field in (string[])["type_vocab_size", "bos_token_id", "pad_token_id", "eos_token_id"])
            if (json[field] is not null && Integer(field, -1) < (field == "type_vocab_size" ? 1 : 0)) Wrong(field, "an integer, not negative");
        foreach (string field in (string[])["hidden_dropout_prob", "attention_probs_dropout_prob"])
            if (Real(field, 0) is not (>= 0 and < 1)) Wrong(field, "a number from 0 to below 1");
        if (InitializerRange is not (>= 0 and < 10)) Wrong("initializer_range", "a number, not negative");
        if (LayerNormEpsilon is not (> 0 and < 1)) Wrong("layer_norm_eps", "a small positive number");
        if (json["hidden_act"] is not null && Text("hidden_act") != "gelu") Wrong("hidden_act", "\"gelu\"");
        if (json["position_embedding_type"] is not null && Text("position_embedding_type") != "absolute") Wrong("position_embedding_type", "\"absolute\"");
        if (json["tie_word_embeddings"] is JsonValue tied && tied.TryGetValue(out bool isTied) && !isTied) Wrong("tie_word_embeddings", "true");
        if (problems.Count > 0) return problems;
        if (HiddenSize % Heads != 0) Wrong("num_attention_heads", $"a divisor of hidden_size, {HiddenSize}");
        if (UsablePositions < 2) Wrong("max_position_embeddings", $"at least {PositionOffset + 2}");
        foreach (string field in (string[])["bos_token_id", "pad_token_id", "eos_token_id"])
            if (Integer(field, 0) >= VocabularySize) Wrong(field, $"an id below vocab_size, {VocabularySize}");
        return problems;
    }

    int Integer(string field, int absent) => json[field] switch
    {
        null => absent,
        JsonValue value when value.TryGetValue(out int i) => i,
        _ => int.MinValue,
    };

    double Real(string field, double absent) => json[field] switch
    {
        null => absent,
        JsonValue value when value.TryGetValue(out double d) => d,
        _ => double.NaN,
    };

    string? Text(string field) => json[field] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
