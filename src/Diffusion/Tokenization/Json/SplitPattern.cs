using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>
/// A pattern of tokenizer.json: a string or an expression. Expressions see each character beyond the basic plane as one
/// character of the same category, which .NET's would see as two halves of none.
/// </summary>
internal sealed class SplitPattern
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    static readonly Dictionary<int, char> s_standIns = new()
    {
        // By UnicodeCategory, a seldom character of the basic plane with it.
        [0] = '\uA640',
        [1] = '\uA641',
        [2] = '\u1F88',
        [3] = '\uA717',
        [4] = '\uA4D0',
        [5] = '\uA674',
        [6] = '\uA880',
        [7] = '\u0489',
        [8] = '\uA8D0',
        [9] = '\uA830',
        [10] = '\uA830',
        [18] = '\uFE4D',
        [19] = '\uFE58',
        [20] = '\uFE59',
        [21] = '\uFE5A',
        [22] = '\u2E02',
        [23] = '\u2E03',
        [24] = '\uA4FE',
        [25] = '\uFB29',
        [26] = '\uFE69',
        [27] = '\uA700',
        [28] = '\uA490',
    };

    readonly Regex _regex;

    /// <param name="part">A string, or {"String": ...} or {"Regex": ...}.</param>
    /// <exception cref="TokenizerException">It is none, or an expression that can't be read.</exception>
    public SplitPattern(SerializedPart part)
    {
        string? text = part.Json.ValueKind == JsonValueKind.String ? part.Json.GetString() : part.Text("String");
        try
        {
            _regex = new Regex(text is not null ? Regex.Escape(text) : part.Text("Regex")
                ?? throw part.Wrong("", "expected {\"String\": ...} or {\"Regex\": ...}"),
                    RegexOptions.CultureInvariant | RegexOptions.Compiled, s_limit);
        }
        catch (ArgumentException e)
        {
            throw new TokenizerException(part.File, null, $"{part.Path}: the expression is not supported: {e.Message}", e);
        }
    }

    /// <summary>The matches' places in UTF-16 code units, none of them empty.</summary>
    public List<(int Start, int Length)> Find(string text)
    {
        var found = new List<(int, int)>();
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            foreach (var match in _regex.EnumerateMatches(text))
                if (match.Length > 0) found.Add((match.Index, match.Length));
            return found;
        }
        var shadow = new StringBuilder(text.Length);
        var places = new List<int>(text.Length + 1);
        for (int at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out int width);
            shadow.Append(rune.IsBmp ? (char)rune.Value : s_standIns.GetValueOrDefault((int)Rune.GetUnicodeCategory(rune), '\uE000'));
            places.Add(at);
            at += width;
        }
        places.Add(text.Length);
        foreach (var match in _regex.EnumerateMatches(shadow.ToString()))
            if (match.Length > 0) found.Add((places[match.Index], places[match.Index + match.Length] - places[match.Index]));
        return found;
    }

    /// <summary>The text with every match replaced.</summary>
    public string Replace(string text, string by)
    {
        var result = new StringBuilder(text.Length);
        int at = 0;
        foreach (var (start, length) in Find(text))
        {
            result.Append(text, at, start - at).Append(by);
            at = start + length;
        }
        return at == 0 ? text : result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The text cut at the matches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="behavior">What becomes of the matches: Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous.</param>
    /// <param name="invert">Whether what is between the matches takes their part.</param>
    public IEnumerable<string> Split(string text, string behavior, bool invert)
    {
        var parts = new List<(int Start, int End, bool Match)>();
        int at = 0;
        foreach (var (start, length) in Find(text))
        {
            if (start > at) parts.Add((at, start, invert));
            parts.Add((start, start + length, !invert));
            at = start + length;
        }
        if (at < text.Length) parts.Add((at, text.Length, invert));
        for (int i = 0; i < parts.Count; i++)
        {
            var (start, end, match) = parts[i];
            if (behavior == "Removed" && match) continue;
            if (behavior == "Contiguous")
                while (i + 1 < parts.Count && parts[i + 1].Match == match) end = parts[++i].End;
            else if (behavior == "MergedWithPrevious" && !match && i + 1 < parts.Count && parts[i + 1].Match) end = parts[++i].End;
            else if (behavior == "MergedWithNext" && match && i + 1 < parts.Count && !parts[i + 1].Match) end = parts[++i].End;
            yield return text[start..end];
        }
    }
}
