using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>Splits a text into the pieces that are then encoded one by one; no token crosses two pieces.</summary>
public abstract partial class PreTokenizer
{
    static readonly RegexPreTokenizer s_wordOrNonWord = new(WordOrNonWord(), null);
    static readonly RegexPreTokenizer s_whiteSpace = new(NonWhiteSpace(), null);

    /// <summary>Offsets and lengths of the pieces, in order, in UTF-16 code units of <paramref name="text"/>.</summary>
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(string text);

    /// <summary>Offsets and lengths of the pieces, in order, in UTF-16 code units of <paramref name="text"/>.</summary>
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text);

    /// <summary>Pieces are runs of word characters and runs of what is neither word nor white space.</summary>
    /// <param name="specialTokens">Texts that stay whole; null for none.</param>
    public static PreTokenizer CreateWordOrNonWord(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        specialTokens is null ? s_wordOrNonWord : new RegexPreTokenizer(WordOrNonWord(), specialTokens);

    /// <summary>Pieces are what stands between white space.</summary>
    /// <param name="specialTokens">Texts that stay whole; null for none.</param>
    public static PreTokenizer CreateWhiteSpace(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        specialTokens is null ? s_whiteSpace : new RegexPreTokenizer(NonWhiteSpace(), specialTokens);

    [GeneratedRegex(@"\w+|[^\w\s]+")]
    private static partial Regex WordOrNonWord();

    [GeneratedRegex(@"\S+")]
    private static partial Regex NonWhiteSpace();
}
