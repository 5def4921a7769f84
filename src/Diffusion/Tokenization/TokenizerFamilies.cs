namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>The families by their names.</summary>
public static class TokenizerFamilies
{
    static readonly Dictionary<string, TokenizerFamily> s_byName = new(StringComparer.Ordinal)
    {
        ["xlm-roberta"] = TokenizerFamily.XlmRoberta,
        ["llama"] = TokenizerFamily.Llama,
        ["sentencepiece"] = TokenizerFamily.SentencePiece,
        ["gpt2"] = TokenizerFamily.Gpt2,
        ["roberta"] = TokenizerFamily.Roberta,
        ["bert"] = TokenizerFamily.Bert,
    };

    /// <summary>The names, as <c>dbatch tokenize --as</c> takes them.</summary>
    public static IReadOnlyCollection<string> Names => s_byName.Keys;

    /// <summary>The family of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static TokenizerFamily Of(string name) => s_byName[name];

    /// <summary>
    /// Whether a <c>model_type</c>'s tokenizer is read from tokenizer.json alone: CamemBERT counts the pieces of its
    /// sentencepiece.bpe.model otherwise than XLM-R does, and Qwen2 cuts texts otherwise than GPT-2 before it merges.
    /// </summary>
    internal static bool IsSerializedOnly(string? modelType) => modelType is "camembert" or "qwen2";

    /// <summary>The family that a <c>config.json</c>'s <c>model_type</c> belongs to; null where the files decide.</summary>
    public static TokenizerFamily? OfModelType(string? modelType) => modelType switch
    {
        "xlm-roberta" or "xlm-roberta-xl" => TokenizerFamily.XlmRoberta,
        "roberta" or "bart" or "data2vec-text" => TokenizerFamily.Roberta,
        "llama" or "mistral" => TokenizerFamily.Llama,
        "gpt2" => TokenizerFamily.Gpt2,
        "bert" or "albert" or "ernie" => TokenizerFamily.Bert,
        _ => null,
    };
}
