using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace DiffusionBatch.Diffusion.Tokenization.Added;

/// <summary>Finds texts of tokens in a text: the leftmost, and of those that begin there the longest.</summary>
internal sealed class TokenSearch
{
    readonly Dictionary<string, AddedToken> _tokens = new(StringComparer.Ordinal);
    readonly Dictionary<char, int[]> _lengths; // of the texts that begin with a character, the longest first
    readonly SearchValues<string> _search;

    /// <param name="tokens">What is looked for, and the token that it is; of equal texts the first counts, empty ones are left out.</param>
    public TokenSearch(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        foreach (var (text, token) in tokens)
            if (text.Length > 0) _tokens.TryAdd(text, token);
        _lengths = _tokens.Keys.GroupBy(t => t[0])
            .ToDictionary(g => g.Key, g => g.Select(t => t.Length).Distinct().OrderDescending().ToArray());
        _search = SearchValues.Create([.. _tokens.Keys], StringComparison.Ordinal);
    }

    /// <summary>Whether nothing can be found.</summary>
    public bool IsEmpty => _tokens.Count == 0;

    /// <summary>The first token from a place on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">The place.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="length">The length of what was found, in UTF-16 code units.</param>
    /// <param name="token">The token.</param>
    public bool TryNext(ReadOnlySpan<char> text, int from, out int at, out int length, [NotNullWhen(true)] out AddedToken? token)
    {
        (length, token) = (0, null);
        at = IsEmpty ? -1 : text[from..].IndexOfAny(_search);
        if (at < 0) return false;
        at += from;
        var lookup = _tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (int candidate in _lengths[text[at]])
        {
            if (candidate > text.Length - at || !lookup.TryGetValue(text.Slice(at, candidate), out token)) continue;
            length = candidate;
            return true;
        }
        return false; // not reached: something begins there
    }
}
