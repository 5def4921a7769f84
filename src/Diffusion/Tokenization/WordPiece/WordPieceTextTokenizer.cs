using System.Text;
using DiffusionBatch.Diffusion.Tokenization.Added;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization.WordPiece;

/// <summary>BERT's WordPiece.</summary>
/// <remarks>
/// Not lossless: case, accents and white space go as the model was trained. Unlike the other families', its special tokens
/// are recognised inside a text: [MASK] is the mask's id, as it is for BERT's own tokenizer. Special tokens keep their case;
/// other added tokens are cleaned as the text is, unless their file says that they are not normalized.
/// </remarks>
public sealed class WordPieceTextTokenizer : ITextTokenizer
{
    const string Continued = "##";

    readonly WordPieceTokenizer _words;
    readonly AddedVocabulary _added;
    readonly WordVocabulary _vocabulary;
    readonly TokenizerFiles _files;
    readonly bool _cleanUp;

    internal WordPieceTextTokenizer(TokenizerFiles files, WordVocabulary vocabulary)
    {
        (_files, _vocabulary) = (files, vocabulary);
        Specials = vocabulary.Specials;
        _cleanUp = files.Flag("clean_up_tokenization_spaces") ?? true;
        bool lower = files.Flag("do_lower_case") ?? true;
        var options = new BertNormalizerOptions(lower, files.Flag("strip_accents") ?? lower, files.Flag("tokenize_chinese_chars") ?? true,
            files.Flag("do_basic_tokenize") ?? true);
        var cleaner = new BertCleaner(options);
        _added = new AddedVocabulary(files, Specials, vocabulary.Base, options.Basic ? text => cleaner.Clean(text) : null,
            findsSpecials: true);
        VocabularySize = Math.Max(vocabulary.Ids.Values.Max(), _added.HighestId) + 1;
        if (files.NeverSplit.FirstOrDefault(w => !_added.Tokens.Any(t => t.Content == w)) is { } word)
            throw new TokenizerException(files.PathOf(TokenizerFiles.Config), null,
                $"\"never_split\" has \"{word}\", which is neither a special nor an added token; that is not supported.");
        _words = WordPieceTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary.Lines))),
            new WordPieceOptions
            {
                UnknownToken = vocabulary.Ids.First(t => t.Value == Specials.Unk).Key,
                ContinuingSubwordPrefix = Continued,
                Normalizer = new BertNormalizer(options),
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
    public AddedTokensInfo AddedTokens => _added.Info;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3 + 4);
        if (!_added.FindsAny) return [.. _words.EncodeToIds(text)];
        foreach (var part in _added.Split(text))
        {
            if (part.Id >= 0) ids.Add(part.Id);
            else ids.AddRange(_words.EncodeToIds(part.Text)); // what is cleaned already stays as it is
        }
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        // The library's Decode leaves out the spaces before punctuation whatever the config says, and before any token that
        // begins with such a sign.
        var text = new StringBuilder(ids.Length * 4);
        foreach (int id in ids)
        {
            if (Specials.Contains(id) || _added.IsSpecial(id) || !_vocabulary.Tokens.TryGetValue(id, out string? token)) continue;
            if (token.StartsWith(Continued, StringComparison.Ordinal) && _added.Find(id) is null)
            {
                text.Append(token, Continued.Length, token.Length - Continued.Length);
                continue;
            }
            if (text.Length > 0) text.Append(' ');
            text.Append(token);
        }
        return _cleanUp ? CleanUp(text.ToString()) : text.ToString();
    }

    /// <inheritdoc/>
    public void Save(string folder) => _files.Save(folder);

    /// <summary>Takes away the spaces before punctuation and inside English contractions that splitting put there.</summary>
    internal static string CleanUp(string text)
    {
        foreach (string joined in (ReadOnlySpan<string>)[".", "?", "!", ","])
            text = text.Replace(" " + joined, joined, StringComparison.Ordinal);
        text = text.Replace(" ' ", "'", StringComparison.Ordinal);
        foreach (string joined in (ReadOnlySpan<string>)["n't", "'m", "'s", "'ve", "'re"])
            text = text.Replace(" " + joined, joined, StringComparison.Ordinal);
        return text;
    }
}
