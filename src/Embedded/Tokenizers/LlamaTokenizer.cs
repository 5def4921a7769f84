namespace Microsoft.ML.Tokenizers;

/// <summary>LLaMA's SentencePiece model.</summary>
public sealed class LlamaTokenizer : SentencePieceTokenizer
{
    LlamaTokenizer(Stream modelStream, bool addBeginOfSentence, bool addEndOfSentence, IReadOnlyDictionary<string, int>? specialTokens)
        : base(modelStream, addBeginOfSentence, addEndOfSentence, specialTokens)
    {
    }

    /// <summary>Reads a model.</summary>
    /// <param name="modelStream">The .model file.</param>
    /// <param name="addBeginOfSentence">Whether texts begin with &lt;s&gt;'s id.</param>
    /// <param name="addEndOfSentence">Whether texts end with &lt;/s&gt;'s id.</param>
    /// <param name="specialTokens">Must be null here.</param>
    /// <exception cref="InvalidDataException">The file is broken or of another kind.</exception>
    public static new LlamaTokenizer Create(Stream modelStream, bool addBeginOfSentence = true, bool addEndOfSentence = false, IReadOnlyDictionary<string, int>? specialTokens = null) =>
        new(modelStream, addBeginOfSentence, addEndOfSentence, specialTokens);
}
