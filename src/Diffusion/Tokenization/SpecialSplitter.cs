using System.Buffers;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Finds tokens that stay whole wherever they stand in a text.</summary>
internal sealed class SpecialSplitter
{
    readonly string[] _longestFirst;
    readonly SearchValues<string> _search;

    /// <param name="tokens">The tokens; empty ones are left out.</param>
    public SpecialSplitter(IEnumerable<string> tokens)
    {
        _longestFirst = [.. tokens.Where(t => t.Length > 0).Distinct().OrderByDescending(t => t.Length)];
        _search = SearchValues.Create(_longestFirst, StringComparison.Ordinal);
    }

    /// <summary>The first token from a place on, the longest of those that begin there.</summary>
    /// <returns>Where it begins, or -1.</returns>
    public int Next(ReadOnlySpan<char> text, int from, out string token)
    {
        token = "";
        if (_longestFirst.Length == 0) return -1;
        int at = text[from..].IndexOfAny(_search);
        if (at < 0) return -1;
        at += from;
        foreach (string candidate in _longestFirst)
        {
            if (!text[at..].StartsWith(candidate)) continue;
            token = candidate;
            break;
        }
        return at;
    }
}
