namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// A tokenizer with other special tokens than its files name: what a model that was trained left to right lacks, such as a
/// mask behind its vocabulary.
/// </summary>
/// <param name="inner">The tokenizer.</param>
/// <param name="specials">The special tokens.</param>
/// <param name="vocabularySize">Number of ids, those of added tokens included.</param>
public sealed class SpecialsTokenizer(ITextTokenizer inner, SpecialTokens specials, int vocabularySize) : ITextTokenizer
{
    /// <inheritdoc/>
    public int VocabularySize => vocabularySize;

    /// <inheritdoc/>
    public SpecialTokens Specials => specials;

    /// <inheritdoc/>
    public TextFrame Frame => inner.Frame;

    /// <inheritdoc/>
    public AddedTokensInfo AddedTokens => inner.AddedTokens;

    /// <inheritdoc/>
    public int[] Encode(string text) => inner.Encode(text);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var plain = new List<int>(ids.Length);
        foreach (int id in ids)
            if (id < inner.VocabularySize && !specials.Contains(id)) plain.Add(id);
        return inner.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(plain));
    }

    /// <summary>Writes the files of the tokenizer itself; the special tokens are the checkpoint's to keep.</summary>
    public void Save(string folder) => inner.Save(folder);
}
