using System.Globalization;
using System.Text;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// The string operations of Python on which sacreBLEU's scores rest, where .NET's differ: white space includes the four
/// information separators, and lower-casing knows the final sigma and the dotted capital I.
/// </summary>
internal static class PythonText
{
    /// <summary>str.isspace of one character.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F';

    /// <summary>str.rstrip().</summary>
    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        int length = text.Length;
        while (length > 0 && IsSpace(text[length - 1])) length--;
        return text[..length];
    }

    /// <summary>str.lstrip().</summary>
    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return text[start..];
    }

    /// <summary>str.strip().</summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => TrimStart(TrimEnd(text));

    /// <summary>str.lower(), written into a buffer that is used again.</summary>
    public static ReadOnlySpan<char> Lower(ReadOnlySpan<char> text, CharBuffer buffer)
    {
        buffer.Clear();
        if (!text.ContainsAny('Σ', 'İ'))
        {
            text.ToLowerInvariant(buffer.Extend(text.Length));
            return buffer.Written;
        }
        var special = new StringBuilder(text.Length + 4);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == 'İ') special.Append("i̇");
            else if (text[i] == 'Σ') special.Append(IsFinal(text, i) ? 'ς' : 'σ');
            else special.Append(text[i]);
        }
        buffer.Add(special.ToString().ToLowerInvariant());
        return buffer.Written;
    }

    /// <summary>The next word, between white space, from <paramref name="position"/>, which moves behind it; false at the end.</summary>
    public static bool NextWord(ReadOnlySpan<char> text, ref int position, out ReadOnlySpan<char> word)
    {
        while (position < text.Length && IsSpace(text[position])) position++;
        int start = position;
        while (position < text.Length && !IsSpace(text[position])) position++;
        word = text[start..position];
        return position > start;
    }

    /// <summary>Unicode's Final_Sigma: a cased letter before, none after, what has no case of its own left aside.</summary>
    static bool IsFinal(ReadOnlySpan<char> text, int sigma)
    {
        int before = sigma - 1, after = sigma + 1;
        while (before >= 0 && IsIgnorable(text[before])) before--;
        while (after < text.Length && IsIgnorable(text[after])) after++;
        return before >= 0 && IsCased(text[before]) && (after == text.Length || !IsCased(text[after]));
    }

    static bool IsCased(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter;

    static bool IsIgnorable(char c) => c is '\'' or '.' or ':' or '\u2019' or '\u00B7' || char.GetUnicodeCategory(c) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter
            or UnicodeCategory.ModifierSymbol;
}

/// <summary>A growing run of characters that is used again for every segment.</summary>
internal sealed class CharBuffer
{
    char[] _items = new char[256];
    int _length;

    public ReadOnlySpan<char> Written => _items.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Add(char c)
    {
        if (_length == _items.Length) Array.Resize(ref _items, 2 * _length);
        _items[_length++] = c;
    }

    public void Add(ReadOnlySpan<char> text) => text.CopyTo(Extend(text.Length));

    /// <summary>Room for more characters, which the caller fills.</summary>
    public Span<char> Extend(int count)
    {
        while (_length + count > _items.Length) Array.Resize(ref _items, 2 * _items.Length);
        _length += count;
        return _items.AsSpan(_length - count, count);
    }
}
