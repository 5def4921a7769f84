namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// One face over the tokenizer families. Implementations are immutable and may be used by several threads at once.
/// </summary>
public interface ITextTokenizer
{
    /// <summary>Number of ids: the highest id + 1, special tokens included.</summary>
    int VocabularySize { get; }

    /// <summary>Ids of the special tokens.</summary>
    SpecialTokens Specials { get; }

    /// <summary>The special tokens that the family puts around a text; <see cref="Encode"/> leaves them out.</summary>
    TextFrame Frame { get; }

    /// <summary>The tokens beside the vocabulary, and where they come from.</summary>
    AddedTokensInfo AddedTokens => AddedTokensInfo.None;

    /// <summary>
    /// The ids of a text, without the frame. Added tokens are found wherever they stand. What looks like a special token inside
    /// the text ("&lt;mask&gt;") is plain text, but for WordPiece, where [MASK] is the mask.
    /// </summary>
    int[] Encode(string text);

    /// <summary>
    /// The text of ids: special tokens and ids beyond the vocabulary are left out, bytes that are not UTF-8 become U+FFFD.
    /// <c>Decode(Encode(x))</c> is x for every Unicode text where the family is lossless.
    /// </summary>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>Writes the files that <see cref="TokenizerFolder.Open"/> reads, into a folder that is created if need be.</summary>
    void Save(string folder);
}
