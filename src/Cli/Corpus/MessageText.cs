using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>Cleans the two sides of a message, and says which pairs are of no use as a translation.</summary>
internal static partial class MessageText
{
    /// <summary>The cleaned sides, or null where the pair is no translation worth learning.</summary>
    public static (string English, string Foreign)? Clean(string english, string foreign)
    {
        if (IsSeveralLines(english) || IsSeveralLines(foreign)) return null;
        string e = Tidy(english), f = Tidy(foreign);
        // An error code on both sides ("MSB4011: ...") is cut off: it isn't language.
        Match code = Code().Match(e);
        if (code.Success && f.StartsWith(code.Value, StringComparison.Ordinal)) (e, f) = (e[code.Length..], f[code.Length..]);
        if (e.Length == 0 || f.Length == 0 || string.Equals(e, f, StringComparison.OrdinalIgnoreCase)) return null;
        if (!e.Any(char.IsLetter) || !f.Any(char.IsLetter) || HasControl(e) || HasControl(f)) return null;
        return Items(e).SequenceEqual(Items(f)) ? (e, f) : null; // a translation keeps the placeholders
    }

    /// <summary>How many words, split at blanks.</summary>
    public static int Words(string text) => text.Count(c => c == ' ') + 1;

    /// <summary>What makes two texts the same sentence for the split: letters and digits in lower case, the rest one blank.</summary>
    public static string Key(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c)) key.Append(char.ToLowerInvariant(c));
            else if (key.Length > 0 && key[^1] != ' ') key.Append(' ');
        }
        return key.ToString().TrimEnd();
    }

    static bool IsSeveralLines(string text) => text.AsSpan().Trim().IndexOfAny('\n', '\r') >= 0;

    static bool HasControl(string text) => text.Any(c => char.IsControl(c) || c == '\uFFFD');

    static string Tidy(string text) => FormatItem().Replace(Blanks().Replace(text, " ").Trim(), "{$1}");

    static IEnumerable<string> Items(string text) =>
        FormatItem().Matches(text).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\{(\d+)(?:,-?\d+)?(?::[^{}]*)?\}")]
    private static partial Regex FormatItem();

    [GeneratedRegex(@"^[A-Z]{2,12}\d{2,6}: ")]
    private static partial Regex Code();
}
