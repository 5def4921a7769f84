namespace Microsoft.ML.Tokenizers;

/// <summary>What a <see cref="WordPieceTokenizer"/> is made of, beside its vocabulary.</summary>
public class WordPieceOptions
{
    /// <summary>Defaults.</summary>
    public WordPieceOptions()
    {
    }

    /// <summary>What changes the text first.</summary>
    public Normalizer? Normalizer { get; set; }

    /// <summary>What splits the text; null means white space.</summary>
    public PreTokenizer? PreTokenizer { get; set; }

    /// <summary>Texts that get an id of their own where the pre-tokenizer leaves them whole.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }

    /// <summary>The token in place of a word that the vocabulary can't make.</summary>
    public string UnknownToken { get; set; } = "[UNK]";

    /// <summary>What tokens inside a word begin with.</summary>
    public string ContinuingSubwordPrefix { get; set; } = "##";

    /// <summary>A longer word is unknown, in UTF-16 code units.</summary>
    public int MaxInputCharsPerWord { get; set; } = 100;
}
