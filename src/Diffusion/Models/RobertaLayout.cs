using DiffusionBatch.Diffusion.Checkpoints;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>The names and shapes of the RoBERTa family's tensors in Hugging Face's masked-language-model layout.</summary>
public static class RobertaLayout
{
    /// <summary>The tied embeddings. // (V, d)</summary>
    public const string WordEmbeddings = "roberta.embeddings.word_embeddings.weight";

    /// <summary>The output projection's bias. // (V)</summary>
    public const string OutputBias = "lm_head.bias";

    /// <summary>The positions' embeddings. // (max_position_embeddings, d)</summary>
    public const string PositionEmbeddings = "roberta.embeddings.position_embeddings.weight";

    /// <summary>The token types' embeddings. // (type_vocab_size, d)</summary>
    public const string TypeEmbeddings = "roberta.embeddings.token_type_embeddings.weight";

    /// <summary>
    /// Second names of tied tensors: writers keep either of the two or both.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [WordEmbeddings] = "lm_head.decoder.weight",
        [OutputBias] = "lm_head.decoder.bias",
    };

    /// <summary>Whether a tensor that the model doesn't have may still be in its file.</summary>
    public static bool IsIgnored(string name) =>
        name == "roberta.embeddings.position_ids" || name.StartsWith("roberta.pooler.", StringComparison.Ordinal);

    /// <summary>All parameters of a configuration.</summary>
    public static IEnumerable<ParameterShape> Of(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, f = config.FeedForwardSize;
        yield return ParameterShape.Of(WordEmbeddings, config.VocabularySize, d);
        yield return ParameterShape.Of(PositionEmbeddings, config.MaxPositionEmbeddings, d);
        yield return ParameterShape.Of(TypeEmbeddings, config.TypeVocabularySize, d);
        foreach (var p in Affine("roberta.embeddings.LayerNorm", d)) yield return p;
        for (int i = 0; i < config.Layers; i++)
        {
            string layer = Layer(i);
            foreach (string part in (string[])["query", "key", "value"])
                foreach (var p in Affine($"{layer}.attention.self.{part}", d, d)) yield return p;
            foreach (var p in Affine($"{layer}.attention.output.dense", d, d)) yield return p;
            foreach (var p in Affine($"{layer}.attention.output.LayerNorm", d)) yield return p;
            foreach (var p in Affine($"{layer}.intermediate.dense", f, d)) yield return p;
            foreach (var p in Affine($"{layer}.output.dense", d, f)) yield return p;
            foreach (var p in Affine($"{layer}.output.LayerNorm", d)) yield return p;
        }
        yield return ParameterShape.Of(OutputBias, config.VocabularySize);
        foreach (var p in Affine("lm_head.dense", d, d)) yield return p;
        foreach (var p in Affine("lm_head.layer_norm", d)) yield return p;
    }

    /// <summary>The prefix of a layer's names.</summary>
    public static string Layer(int index) => $"roberta.encoder.layer.{index}";

    /// <summary>A weight, and a bias as long as its first dimension.</summary>
    static ParameterShape[] Affine(string name, params long[] weight) =>
        [new(name + ".weight", weight), new(name + ".bias", [weight[0]])];
}
