using System.Globalization;
using System.Text;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// A text with its numbers in plain signs: digits of all scripts as 0 to 9, every minus as -, the comma, point and times signs
/// of LaTeX and of other scripts as theirs, a thin space (also LaTeX's and one that doesn't break) as U+2009.
/// </summary>
internal static class NumberText
{
    /// <summary>The space that parts thousands.</summary>
    public const char ThinSpace = '\u2009';

    /// <summary>The multiplication sign.</summary>
    public const char Times = '\u00D7';

    /// <summary>Writes the plain text into a buffer that is used again.</summary>
    public static ReadOnlySpan<char> Plain(ReadOnlySpan<char> text, CharBuffer plain)
    {
        plain.Clear();
        for (int i = 0; i < text.Length;)
        {
            if (Latex(text[i..], out char sign) is > 0 and var length)
            {
                if (sign != '\0') plain.Add(sign);
                i += length;
                continue;
            }
            Rune.DecodeFromUtf16(text[i..], out var rune, out int width);
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber) plain.Add((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (width > 1) plain.Add(text.Slice(i, width));
            else plain.Add(Sign(text, i));
            i += width;
        }
        return plain.Written;
    }

    static char Sign(ReadOnlySpan<char> text, int at) => text[at] switch
    {
        '\u2212' or '\uFF0D' or '\uFE63' or '\u2013' => '-',
        '\uFF0E' or '\u066B' => '.',
        '\u066C' => ',',
        // In Chinese and Japanese it parts clauses, but between digits as wide as itself thousands.
        '\uFF0C' when at > 0 && text[at - 1] is >= '\uFF10' and <= '\uFF19' => ',',
        '\u202F' or '\u00A0' => ThinSpace,
        '\u2019' => '\'',
        '\u00B7' or '\u22C5' or '\u2219' => Times,
        var c => c,
    };

    /// <summary>How much of a text is LaTeX for one sign; 0 for nothing.</summary>
    static int Latex(ReadOnlySpan<char> text, out char sign)
    {
        sign = '\0';
        if (text[0] is not ('\\' or '{')) return 0;
        if (text.StartsWith("\\!")) return 2; // a space of negative width: no sign at all
        foreach (var (written, meant) in (ReadOnlySpan<(string, char)>)s_latex)
        {
            if (!text.StartsWith(written)) continue;
            sign = meant;
            return written.Length;
        }
        // \text{,} and its like.
        int end = 1;
        while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
        return text[0] == '\\' && end > 1 && text[end..].StartsWith("{,}") ? end : 0;
    }

    static readonly (string, char)[] s_latex =
        [("{,}", ','), ("\\,", ThinSpace), ("{\\,}", ThinSpace), ("\\times", Times), ("\\cdot", Times), ("\\$", '$'), ("{-}", '-')];
}
