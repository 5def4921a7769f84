using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.Unicode;

/// <summary>Lower case and accents, scalar by scalar and without regard to language or place in the word.</summary>
internal static class Casing
{
    /// <summary>The text in lower case; the only letter that becomes two is U+0130.</summary>
    public static string Lower(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0x130) result.Append("i\u0307");
            else Append(result, Rune.ToLowerInvariant(rune));
        }
        return result.ToString();
    }

    /// <summary>The text without non-spacing marks.</summary>
    public static string WithoutMarks(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) != System.Globalization.UnicodeCategory.NonSpacingMark) Append(result, rune);
        return result.ToString();
    }

    static void Append(StringBuilder text, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        text.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
