namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>A vocabulary of ids without texts: that of a model which has no tokenizer.</summary>
/// <param name="size">V.</param>
/// <param name="specials">The special tokens.</param>
public sealed class IdVocabulary(int size, SpecialTokens specials) : ITextTokenizer
{
    /// <inheritdoc/>
    public int VocabularySize => size;

    /// <inheritdoc/>
    public SpecialTokens Specials => specials;

    /// <inheritdoc/>
    public TextFrame Frame => TextFrame.None;

    /// <summary>
    /// The special tokens of a new model without a tokenizer: <c>&lt;s&gt;</c> 0, <c>&lt;pad&gt;</c> 1, <c>&lt;/s&gt;</c> 2, and the last
    /// id as the mask.
    /// </summary>
    /// <param name="size">V, at least 4.</param>
    public static IdVocabulary Of(int size) => new(size, new SpecialTokens(0, 1, 2, -1, size - 1));

    /// <summary>There are no texts to encode.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public int[] Encode(string text) => throw new NotSupportedException("A model without a tokenizer reads token ids alone.");

    /// <summary>No id has a text.</summary>
    public string Decode(ReadOnlySpan<int> ids) => "";

    /// <summary>There are no files to write.</summary>
    public void Save(string folder)
    {
    }
}
