using System.Globalization;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// The last number of a text: digits of any script, commas before each three of them or none, a decimal point, a minus right
/// before it (a currency sign may stand between) that no letter or digit stands before.
/// </summary>
internal static class LastNumber
{
    /// <summary>The number in its shortest form ("-1200.5"), written into a buffer that is used again; empty where there is none.</summary>
    public static ReadOnlySpan<char> In(ReadOnlySpan<char> text, CharBuffer buffer)
    {
        int start = -1, end = 0;
        for (int i = 0; i < text.Length;)
        {
            if (!char.IsDigit(text[i]))
            {
                i++;
                continue;
            }
            start = i;
            end = i = End(text, i);
        }
        buffer.Clear();
        if (start < 0) return [];
        if (IsNegative(text[..start])) buffer.Add('-');
        int sign = buffer.Written.Length;
        Write(text[start..end], buffer);
        // Nothing has no sign.
        return sign > 0 && buffer.Written[sign..] is "0" ? buffer.Written[sign..] : buffer.Written;
    }

    /// <summary>The end of the number that starts here.</summary>
    static int End(ReadOnlySpan<char> text, int start)
    {
        int end = Digits(text, start);
        if (end - start <= 3)
            while (end < text.Length && text[end] == ',' && Digits(text, end + 1) == end + 4) end += 4;
        return end < text.Length && text[end] == '.' && Digits(text, end + 1) is var point && point > end + 1 ? point : end;
    }

    static int Digits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsDigit(text[at])) at++;
        return at;
    }

    static bool IsNegative(ReadOnlySpan<char> before)
    {
        if (before.Length > 0 && char.GetUnicodeCategory(before[^1]) == UnicodeCategory.CurrencySymbol) before = before[..^1];
        return before.Length > 0 && before[^1] is '-' or '\u2212' && (before.Length == 1 || !char.IsLetterOrDigit(before[^2]));
    }

    /// <summary>Without commas, zeros in front and zeros behind the point.</summary>
    static void Write(ReadOnlySpan<char> number, CharBuffer buffer)
    {
        int point = number.IndexOf('.');
        var whole = point < 0 ? number : number[..point];
        var part = point < 0 ? [] : number[(point + 1)..];
        while (part.Length > 0 && Value(part[^1]) == 0) part = part[..^1];
        bool begun = false;
        foreach (char c in whole)
        {
            if (c == ',' || (!begun && Value(c) == 0)) continue;
            begun = true;
            buffer.Add((char)('0' + Value(c)));
        }
        if (!begun) buffer.Add('0');
        if (part.Length > 0) buffer.Add('.');
        foreach (char c in part) buffer.Add((char)('0' + Value(c)));
    }

    static int Value(char c) => CharUnicodeInfo.GetDecimalDigitValue(c);
}
