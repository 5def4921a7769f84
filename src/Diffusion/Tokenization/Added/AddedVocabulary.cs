using System.Buffers;
using System.Globalization;
using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.Added;

/// <summary>
/// Finds added tokens in a text, as Hugging Face's tokenizers library does: first those that are not normalized, in the text
/// as it is; then, in each piece between them, the others, in the normalized piece. The leftmost counts, then the longest.
/// </summary>
/// <remarks>
/// A special token that is not to be found still hides what stands inside it. A token that fails <c>single_word</c> is plain text
/// to its end. White space that a token takes in (<c>rstrip</c>) is looked at again for the next one.
/// </remarks>
internal sealed class AddedVocabulary
{
    readonly Dictionary<int, AddedToken> _byId = [];
    readonly Func<string, string> _normalize;
    readonly bool _findsSpecials;
    readonly TokenSearch _raw, _normalized;

    /// <param name="files">What the folder's files say.</param>
    /// <param name="specials">The special tokens.</param>
    /// <param name="vocabulary">The tokenizer's own tokens.</param>
    /// <param name="normalize">What the tokenizer does to a text before it cuts it; null for nothing.</param>
    /// <param name="findsSpecials">Whether special tokens are found in texts, too.</param>
    /// <exception cref="TokenizerException">An added token contradicts the vocabulary.</exception>
    public AddedVocabulary(TokenizerFiles files, SpecialTokens specials, BaseVocabulary vocabulary, Func<string, string>? normalize = null,
        bool findsSpecials = false)
    {
        (_normalize, _findsSpecials) = (normalize ?? (text => text), findsSpecials);
        foreach (var token in files.Added.All)
        {
            vocabulary.Check(token);
            bool special = token.Special || files.SpecialNames.ContainsKey(token.Content) || specials.Contains(token.Id);
            // Where a file has no flags they are the special token's description's, or the usual ones.
            _byId[token.Id] = token.HasFlags ? token with { Special = special }
                : special ? Described(files, token.Content, token.Id) : token;
        }
        foreach (int id in (ReadOnlySpan<int>)[specials.Bos, specials.Pad, specials.Eos, specials.Unk, specials.Mask])
            if (id >= 0 && !_byId.ContainsKey(id) && vocabulary.TokenOf(id) is { Length: > 0 } text) _byId[id] = Described(files, text, id);
        foreach (var (text, description) in files.SpecialNames)
        {
            if (files.Added.IdOf(text) >= 0) continue;
            if (vocabulary.IdOf(text) is >= 0 and var id) _byId.TryAdd(id, Described(files, text, id));
            // Where special tokens are plain text, one without an id is nothing at all.
            else if (findsSpecials && files.AdditionalSpecials.Contains(text))
                throw description.Wrong(
                    $"the special token \"{text}\" has no id: it is neither in {vocabulary.Name} nor among the added tokens.");
        }
        var found = _byId.Values.OrderBy(t => t.Id).ToList();
        FindsAny = found.Exists(t => findsSpecials || !t.Special);
        _raw = new TokenSearch(found.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        _normalized = new TokenSearch(found.Where(t => t.Normalized).Select(t => (_normalize(t.Content), t)));
        Info = new AddedTokensInfo(
            [.. files.Added.All.GroupBy(t => t.FileName).Select(g => (g.Key, g.Count()))],
            found.Count(t => findsSpecials || !t.Special), files.Added.Notes);
    }

    /// <summary>No token at all.</summary>
    public static AddedVocabulary None { get; } = new();

    AddedVocabulary()
    {
        _normalize = text => text;
        _raw = _normalized = new TokenSearch([]);
        Info = AddedTokensInfo.None;
    }

    /// <summary>Whether anything is found in texts. Where nothing is, a text is one piece.</summary>
    public bool FindsAny { get; }

    /// <summary>Where the tokens come from.</summary>
    public AddedTokensInfo Info { get; }

    /// <summary>The highest id; -1 where there is no token.</summary>
    public int HighestId => _byId.Keys.DefaultIfEmpty(-1).Max();

    /// <summary>Whether an id is a special token's, which decoding leaves out.</summary>
    public bool IsSpecial(int id) => _byId.TryGetValue(id, out var token) && token.Special;

    /// <summary>The token of an id, or null.</summary>
    public AddedToken? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>The tokens.</summary>
    public IEnumerable<AddedToken> Tokens => _byId.Values;

    /// <summary>Cuts a text into added tokens and what is between them; no piece is empty.</summary>
    public IEnumerable<TextPart> Split(string text)
    {
        foreach (var part in Split(_raw, new TextPart(-1, text, true)))
        {
            if (part.Id >= 0 || _normalized.IsEmpty)
            {
                yield return part;
                continue;
            }
            foreach (var inner in Split(_normalized, part with { Text = _normalize(part.Text), IsNormalized = true })) yield return inner;
        }
    }

    List<TextPart> Split(TokenSearch search, TextPart whole)
    {
        string text = whole.Text;
        var parts = new List<TextPart>();
        int done = 0;
        for (int from = 0; search.TryNext(text, from, out int at, out int length, out var token); from = at + length)
        {
            int begin = at, end = at + length;
            if (token.Special && !_findsSpecials) continue;
            if (token.SingleWord && (EndsInWord(text.AsSpan(0, begin)) || BeginsWithWord(text.AsSpan(end)))) continue;
            if (token.LeftStrip) begin = Math.Max(text.AsSpan(0, begin).TrimEnd().Length, done);
            if (token.RightStrip) end = text.Length - text.AsSpan(end).TrimStart().Length;
            if (done < begin) parts.Add(Plain(done, begin));
            parts.Add(new TextPart(token.Id, "", whole.IsStart && begin == 0));
            done = end;
        }
        if (done < text.Length) parts.Add(Plain(done, text.Length));
        return parts;

        TextPart Plain(int begin, int end) => whole with { Text = text[begin..end], IsStart = whole.IsStart && begin == 0 };
    }

    static AddedToken Described(TokenizerFiles files, string content, int id) =>
        files.SpecialNames.TryGetValue(content, out var described)
            ? described with { Id = id }
            : new AddedToken(content, id) { Special = true };

    static bool EndsInWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var last, out _) == OperationStatus.Done && IsWord(last);

    static bool BeginsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var first, out _) == OperationStatus.Done && IsWord(first);

    // Unicode's word characters (Technical Standard 18): letters and what counts as such, marks, decimal digits, connectors, joiners.
    static bool IsWord(Rune rune) => Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation
        || rune.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169)
            or (>= 0x1F170 and <= 0x1F189);
}
