using System.Text;
using System.Text.RegularExpressions;
using DiffusionBatch.Diffusion.Tokenization.Added;

namespace DiffusionBatch.Diffusion.Tokenization.WordPiece;

/// <summary>
/// A vocabulary of an expression's matches, as chemistry models have it: a text's tokens are the matches from left to right,
/// what stands between them is left out, and a match that the vocabulary lacks is [UNK]. Decoding puts them together again.
/// </summary>
public sealed partial class ExpressionTokenizer : ITextTokenizer
{
    readonly TokenizerFiles _files;
    readonly Dictionary<string, int> _ids;
    readonly Dictionary<int, string> _tokens;
    readonly AddedVocabulary _added;

    internal ExpressionTokenizer(TokenizerFiles files, WordVocabulary vocabulary)
    {
        _files = files;
        _ids = new Dictionary<string, int>(vocabulary.Ids, StringComparer.Ordinal);
        _tokens = vocabulary.Tokens;
        Specials = vocabulary.Specials;
        _added = new AddedVocabulary(files, Specials, vocabulary.Base);
        VocabularySize = Math.Max(_ids.Values.Max(), _added.HighestId) + 1;
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public SpecialTokens Specials { get; }

    /// <inheritdoc/>
    public TextFrame Frame => TextFrame.Of(Specials.Bos, Specials.Eos);

    /// <inheritdoc/>
    public AddedTokensInfo AddedTokens => _added.Info;

    /// <summary>
    /// Whether a vocabulary is of SMILES tokens: it has neither words nor continued words ("##"), every token being one match
    /// of the expression (the special tokens look like bracket atoms).
    /// </summary>
    internal static bool Fits(WordVocabulary vocabulary) =>
        vocabulary.OwnTokens.All(t => Smiles().Match(t) is { Success: true, Index: 0 } match && match.Length == t.Length);

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length);
        if (!_added.FindsAny)
        {
            Encode(text, ids);
            return [.. ids];
        }
        foreach (var part in _added.Split(text))
        {
            if (part.Id >= 0) ids.Add(part.Id);
            else Encode(part.Text, ids);
        }
        return [.. ids];
    }

    void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var match in Smiles().EnumerateMatches(text))
            ids.Add(lookup.TryGetValue(text.Slice(match.Index, match.Length), out int id) ? id : Specials.Unk);
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder(ids.Length * 2);
        foreach (int id in ids)
            if (!Specials.Contains(id) && !_added.IsSpecial(id) && _tokens.TryGetValue(id, out string? token)) text.Append(token);
        return text.ToString();
    }

    /// <inheritdoc/>
    public void Save(string folder) => _files.Save(folder);

    // Bracket atoms; two-letter atoms before one-letter ones; aromatic atoms; bonds, branches, rings; the arrow of reactions.
    [GeneratedRegex(@"\[[^\]]+\]|Br|Cl|[NOSPFIBCbcnosp]|>>|[()\.=#\-+\\/:~@?>*$]|%[0-9]{2}|[0-9]")]
    private static partial Regex Smiles();
}
