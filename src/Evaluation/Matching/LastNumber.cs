using System.Globalization;
using System.Text;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// The last number of a text as a reader sees it: digits of any script, thousands parted or not, a decimal point, a power of
/// ten (1.5e-2, 1.5 × 10^-2), a minus right before it that no letter or digit stands before. A currency sign or LaTeX's braces
/// may stand between minus and digits.
/// </summary>
internal static class LastNumber
{
    const int MostPairs = 8; // a longer run of groups of two is a list

    const int LongestExponent = 6; // digits; what has more is no power that anybody writes

    /// <summary>
    /// The number by its significant digits and the power of ten that they are multiplied by ("-12005e-1" is -1200.5), so that
    /// equal values are equal texts; written into a buffer that is used again; empty where there is none.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="plain">Takes the text in plain signs.</param>
    /// <param name="number">Takes the number.</param>
    public static ReadOnlySpan<char> In(ReadOnlySpan<char> text, CharBuffer plain, CharBuffer number)
    {
        text = NumberText.Plain(text, plain);
        int start = -1, end = 0;
        long exponent = 0;
        for (int i = 0; i < text.Length;)
        {
            if (!Begins(text, i))
            {
                i++;
                continue;
            }
            start = i;
            end = End(text, i);
            i = Power(text, start, ref end, out exponent);
        }
        number.Clear();
        if (start < 0) return [];
        if (IsNegative(text[..start])) number.Add('-');
        int sign = number.Written.Length;
        Write(text[start..end], exponent, number);
        // Nothing has no sign.
        return number.Written[sign..] is "0" ? number.Written[sign..] : number.Written;
    }

    /// <summary>Whether a number begins here: a digit, or a point before one that nothing stands before which it could end.</summary>
    static bool Begins(ReadOnlySpan<char> text, int at) => char.IsAsciiDigit(text[at])
        || (text[at] == '.' && Digits(text, at + 1) > at + 1
            && (at == 0 || !(Scripts.IsWord(text[at - 1]) || text[at - 1] is '.' or ')' or ']' or '}')));

    /// <summary>The end of the number that starts here, without its power of ten.</summary>
    static int End(ReadOnlySpan<char> text, int start)
    {
        int end = Digits(text, start);
        if (end > start && end - start <= 3 && end < text.Length && text[end] is ',' or '\'' or NumberText.ThinSpace)
            end = Groups(text, start, end);
        return end < text.Length && text[end] == '.' && Digits(text, end + 1) is var point && point > end + 1 ? point : end;
    }

    /// <summary>The end of a number in groups of three digits, or as in India of two before the last three.</summary>
    static int Groups(ReadOnlySpan<char> text, int start, int first)
    {
        char parting = text[first];
        int end = Run(text, first, parting, 3, int.MaxValue);
        if (end > first || parting != ',' || first - start > 2) return end;
        int pairs = Run(text, first, parting, 2, MostPairs);
        return pairs > first && Run(text, pairs, parting, 3, 2) == pairs + 4 ? pairs + 4 : first;
    }

    /// <summary>The end of groups of so many digits, each with a sign before it.</summary>
    static int Run(ReadOnlySpan<char> text, int at, char parting, int digits, int most)
    {
        while (most-- > 0 && at < text.Length && text[at] == parting && Digits(text, at + 1) == at + 1 + digits) at += 1 + digits;
        return at;
    }

    static int Digits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at;
    }

    /// <summary>Reads the power of ten behind a number.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the number begins.</param>
    /// <param name="end">Where it ends; of a bare power of ten, behind its 1.</param>
    /// <param name="exponent">The exponent; 0 where there is none.</param>
    /// <returns>The end of number and power.</returns>
    static int Power(ReadOnlySpan<char> text, int start, ref int end, out long exponent)
    {
        exponent = 0;
        if (end < text.Length && text[end] is 'e' or 'E' && (start == 0 || !Scripts.IsWord(text[start - 1])))
        {
            int after = Exponent(text, end + 1, out exponent);
            bool whole = after > 0
                && (after == text.Length || !(Scripts.IsWord(text[after]) || (text[after] == '.' && Digits(text, after + 1) > after + 1)));
            if (whole) return after;
            exponent = 0;
            return end;
        }
        if (text[start..end] is "10" && Raised(text, end, out exponent) is > 0 and var bare)
        {
            end = start + 1;
            return bare;
        }
        int at = Spaces(text, end);
        if (at == text.Length || text[at] is not (NumberText.Times or '*' or 'x' or 'X')) return end;
        at = Spaces(text, at + 1);
        return text[at..].StartsWith("10") && Raised(text, at + 2, out exponent) is > 0 and var raised ? raised : end;
    }

    /// <summary>The end of what raises a 10: ^3, ^{-3}, **3, ⁻³; 0 where nothing does.</summary>
    static int Raised(ReadOnlySpan<char> text, int at, out long exponent)
    {
        const string superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        exponent = 0;
        bool negative = at < text.Length && text[at] == '⁻';
        int small = at < text.Length && text[at] is '⁻' or '⁺' ? at + 1 : at, first = small;
        for (; small < text.Length && small - first < LongestExponent
            && superscripts.IndexOf(text[small], StringComparison.Ordinal) is >= 0 and var digit; small++)
            exponent = 10 * exponent + digit;
        if (small > first)
        {
            exponent = negative ? -exponent : exponent;
            return small;
        }
        int sign = text[at..].StartsWith("**") ? 2 : text[at..].StartsWith("^") ? 1 : 0;
        if (sign == 0) return 0;
        at += sign;
        bool braced = at < text.Length && text[at] is '{' or '(';
        int after = Exponent(text, braced ? at + 1 : at, out exponent);
        if (after > 0 && !braced) return after;
        if (after > 0 && after < text.Length && text[after] is '}' or ')') return after + 1;
        exponent = 0;
        return 0;
    }

    /// <summary>The end of a whole number with or without sign; 0 where there is none.</summary>
    static int Exponent(ReadOnlySpan<char> text, int at, out long exponent)
    {
        int first = at < text.Length && text[at] is '-' or '+' ? at + 1 : at, end = Digits(text, first);
        exponent = 0;
        if (end == first || end - first > LongestExponent) return 0;
        exponent = long.Parse(text[at..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return end;
    }

    static int Spaces(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ' ' or NumberText.ThinSpace) at++;
        return at;
    }

    static bool IsNegative(ReadOnlySpan<char> before)
    {
        while (before.Length > 0
            && (before[^1] == '{' || IsCurrency(before[^1]) || (before[^1] == '}' && before.Length > 1 && IsCurrency(before[^2]))))
        {
            bool brace = before[^1] == '{';
            before = before[..^1];
            if (!brace) continue;
            // \text{ and its like
            var command = before.TrimEnd("abcdefghijklmnopqrstuvwxyz");
            if (command.Length < before.Length && command.Length > 0 && command[^1] == '\\') before = command[..^1];
        }
        return before.Length > 0 && before[^1] == '-' && (before.Length == 1 || !Scripts.IsWord(before[^2]));
    }

    static bool IsCurrency(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol;

    /// <summary>Without signs between digits, zeros in front and zeros at the end.</summary>
    static void Write(ReadOnlySpan<char> number, long exponent, CharBuffer buffer)
    {
        int point = number.IndexOf('.'), zeros = 0;
        if (point >= 0) exponent -= number.Length - point - 1;
        bool begun = false;
        foreach (char c in number)
        {
            if (!char.IsAsciiDigit(c)) continue;
            if (c == '0')
            {
                zeros++;
                continue;
            }
            // Zeros count once a digit follows them.
            for (; begun && zeros > 0; zeros--) buffer.Add('0');
            zeros = 0;
            begun = true;
            buffer.Add(c);
        }
        if (!begun)
        {
            buffer.Add('0');
            return;
        }
        buffer.Add('e');
        Span<char> written = stackalloc char[20];
        (exponent + zeros).TryFormat(written, out int length, provider: CultureInfo.InvariantCulture);
        buffer.Add(written[..length]);
    }
}

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
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
                plain.Add((char)('0' + (int)Rune.GetNumericValue(rune)));
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
