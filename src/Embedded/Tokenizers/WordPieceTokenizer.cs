using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>WordPiece: each word is cut from its left into the longest tokens that the vocabulary has.</summary>
public class WordPieceTokenizer : Tokenizer
{
    readonly Dictionary<string, int> _vocabulary = new(StringComparer.Ordinal);
    readonly Dictionary<int, string> _tokens = [];
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _starts, _continuations, _specials;
    readonly int _longest;
    readonly PieceCache _cache = new();
    readonly PreTokenizer _preTokenizer;

    internal WordPieceTokenizer(Stream vocabStream, WordPieceOptions? options)
    {
        ArgumentNullException.ThrowIfNull(vocabStream);
        options ??= new WordPieceOptions();
        Normalizer = options.Normalizer;
        _preTokenizer = options.PreTokenizer ?? PreTokenizer.CreateWhiteSpace();
        SpecialTokens = options.SpecialTokens;
        UnknownToken = options.UnknownToken;
        ContinuingSubwordPrefix = options.ContinuingSubwordPrefix;
        MaxInputCharsPerWord = options.MaxInputCharsPerWord;
        using (var reader = new StreamReader(vocabStream, Encoding.UTF8, leaveOpen: true))
        {
            for (int id = 0; reader.ReadLine() is { } token; id++)
                if (token.Length > 0) _vocabulary[token] = id;
        }
        if (!_vocabulary.TryGetValue(UnknownToken, out int unknown))
            throw new ArgumentException($"The vocabulary lacks the unknown token '{UnknownToken}'.", nameof(vocabStream));
        UnknownTokenId = unknown;

        var continuations = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in _vocabulary)
        {
            _tokens[id] = token;
            _longest = Math.Max(_longest, token.Length);
            if (token.StartsWith(ContinuingSubwordPrefix, StringComparison.Ordinal)) continuations[token[ContinuingSubwordPrefix.Length..]] = id;
        }
        foreach (var (token, id) in SpecialTokens ?? new Dictionary<string, int>()) _tokens[id] = token;
        _specials = new Dictionary<string, int>(SpecialTokens ?? new Dictionary<string, int>(), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _starts = _vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _continuations = continuations.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>A tokenizer of a vocabulary: one token a line, the line's number from 0 its id.</summary>
    /// <exception cref="ArgumentException">The vocabulary lacks the unknown token.</exception>
    public static WordPieceTokenizer Create(Stream vocabStream, WordPieceOptions? options = null) => new(vocabStream, options);

    /// <inheritdoc/>
    public override Normalizer? Normalizer { get; }

    /// <inheritdoc/>
    public override PreTokenizer? PreTokenizer => _preTokenizer;

    /// <summary>Texts with an id of their own, or null.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; }

    /// <summary>The token in place of a word that the vocabulary can't make.</summary>
    public string UnknownToken { get; }

    /// <summary>Its id.</summary>
    public int UnknownTokenId { get; }

    /// <summary>What tokens inside a word begin with.</summary>
    public string ContinuingSubwordPrefix { get; }

    /// <summary>A longer word is unknown, in UTF-16 code units.</summary>
    public int MaxInputCharsPerWord { get; }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (text is not null) textSpan = text;
        string? normalized = null;
        if (settings.ConsiderNormalization && Normalizer is not null)
        {
            normalized = text is null ? Normalizer.Normalize(textSpan) : Normalizer.Normalize(text);
            text = normalized;
            textSpan = normalized;
        }
        var ids = new List<int>(textSpan.Length / 3 + 4);
        if (!settings.ConsiderPreTokenization)
        {
            EncodeWord(textSpan, ids);
        }
        else
        {
            foreach (var (offset, length) in text is null ? _preTokenizer.PreTokenize(textSpan) : _preTokenizer.PreTokenize(text))
                EncodeWord(textSpan.Slice(offset, length), ids);
        }
        return new EncodeResults<int> { Tokens = ids, NormalizedText = normalized, CharsConsumed = textSpan.Length };
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecialTokens: false);

    /// <summary>The tokens with spaces between words; ids beyond the vocabulary are left out.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            if (!_tokens.TryGetValue(id, out string? token) || (skipSpecialTokens && SpecialTokens?.ContainsKey(token) == true)) continue;
            if (token.StartsWith(ContinuingSubwordPrefix, StringComparison.Ordinal))
            {
                text.Append(token, ContinuingSubwordPrefix.Length, token.Length - ContinuingSubwordPrefix.Length);
                continue;
            }
            if (text.Length > 0) text.Append(' ');
            text.Append(token);
        }
        return text.ToString();
    }

    void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.IsEmpty) return;
        if (_specials.TryGetValue(word, out int special))
        {
            ids.Add(special);
            return;
        }
        if (word.Length > MaxInputCharsPerWord)
        {
            ids.Add(UnknownTokenId);
            return;
        }
        bool cached = word.Length <= PieceCache.MaximumLength;
        if (cached && _cache.TryGet(word, out int[] known))
        {
            ids.AddRange(known);
            return;
        }
        int first = ids.Count;
        for (int start = 0, end; start < word.Length; start = end)
        {
            int id = -1;
            for (end = Math.Min(word.Length, start + _longest); end > start; end--)
                if ((start == 0 ? _starts : _continuations).TryGetValue(word[start..end], out id)) break;
            if (end > start)
            {
                ids.Add(id);
                continue;
            }
            ids.RemoveRange(first, ids.Count - first);
            ids.Add(UnknownTokenId);
            break;
        }
        if (cached) _cache.Set(word, [.. ids[first..]]);
    }
}
