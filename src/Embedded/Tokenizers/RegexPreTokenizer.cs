using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>Pieces are the matches of an expression; what it does not match is dropped.</summary>
public sealed class RegexPreTokenizer : PreTokenizer
{
    readonly Regex _regex;
    readonly Regex? _specialTokens;

    /// <param name="regex">What a piece is.</param>
    /// <param name="specialTokens">Texts that stay whole wherever they stand; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="regex"/> is null.</exception>
    public RegexPreTokenizer(Regex regex, IReadOnlyDictionary<string, int>? specialTokens)
    {
        ArgumentNullException.ThrowIfNull(regex);
        _regex = regex;
        if (specialTokens is { Count: > 0 })
            _specialTokens = new Regex(string.Join('|', specialTokens.Keys.Select(Regex.Escape)), RegexOptions.Compiled);
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int Offset, int Length)>();
        int start = 0;
        if (_specialTokens is not null)
        {
            foreach (var special in _specialTokens.EnumerateMatches(text))
            {
                Split(text, start, special.Index, pieces);
                pieces.Add((special.Index, special.Length));
                start = special.Index + special.Length;
            }
        }
        Split(text, start, text.Length, pieces);
        return pieces;
    }

    /// <summary>The matches between two special tokens, which neither look ahead nor behind over them.</summary>
    void Split(ReadOnlySpan<char> text, int start, int end, List<(int Offset, int Length)> pieces)
    {
        foreach (var match in _regex.EnumerateMatches(text[start..end]))
            pieces.Add((start + match.Index, match.Length));
    }
}
