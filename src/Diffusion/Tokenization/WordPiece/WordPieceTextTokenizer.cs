using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization.WordPiece;

/// <summary>BERT's WordPiece.</summary>
/// <remarks>
/// Not lossless: case, accents and white space go as the model was trained. Unlike the other families', its special tokens
/// are recognised inside a text: [MASK] is the mask's id, as it is for BERT's own tokenizer.
/// </remarks>
public sealed class WordPieceTextTokenizer : ITextTokenizer
{
    readonly WordPieceTokenizer _words;
    readonly TokenizerFiles _files;
    readonly bool _cleanUp;

    internal WordPieceTextTokenizer(TokenizerFiles files, WordVocabulary vocabulary)
    {
        _files = files;
        Specials = vocabulary.Specials;
        VocabularySize = vocabulary.Ids.Values.Max() + 1;
        _cleanUp = files.Flag("clean_up_tokenization_spaces") ?? true;
        bool lower = files.Flag("do_lower_case") ?? true;
        var whole = files.Added.ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
        var options = new BertNormalizerOptions(lower, files.Flag("strip_accents") ?? lower, files.Flag("tokenize_chinese_chars") ?? true);
        using var stream = new MemoryStream(files.Content(TokenizerFiles.WordVocabulary), writable: false);
        _words = WordPieceTokenizer.Create(stream, new WordPieceOptions
        {
            UnknownToken = vocabulary.Ids.First(t => t.Value == Specials.Unk).Key,
            Normalizer = new BertNormalizer(vocabulary.SpecialTexts.Concat(whole.Keys), options),
            PreTokenizer = PreTokenizer.CreateWhiteSpace(whole.Count > 0 ? whole : null),
            SpecialTokens = whole.Count > 0 ? whole : null,
            // The normalizer has the limit, in scalar values; here two code units are the most that one has.
            MaxInputCharsPerWord = 2 * BertNormalizer.LongestWord,
        });
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public SpecialTokens Specials { get; }

    /// <inheritdoc/>
    public TextFrame Frame => TextFrame.Of(Specials.Bos, Specials.Eos);

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. _words.EncodeToIds(text)];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var words = new List<int>(ids.Length);
        foreach (int id in ids)
            if (!Specials.Contains(id)) words.Add(id);
        string text = _words.Decode(words);
        return _cleanUp ? CleanUp(text) : text;
    }

    /// <inheritdoc/>
    public void Save(string folder) => _files.Save(folder);

    /// <summary>Takes away the spaces before punctuation and inside English contractions that splitting put there.</summary>
    internal static string CleanUp(string text)
    {
        foreach (string joined in (ReadOnlySpan<string>)[".", "?", "!", ","]) text = text.Replace(" " + joined, joined, StringComparison.Ordinal);
        text = text.Replace(" ' ", "'", StringComparison.Ordinal);
        foreach (string joined in (ReadOnlySpan<string>)["n't", "'m", "'s", "'ve", "'re"]) text = text.Replace(" " + joined, joined, StringComparison.Ordinal);
        return text;
    }
}
