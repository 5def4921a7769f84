using System.Globalization;
using System.Text;
using DiffusionBatch.Diffusion.Tokenization.Unicode;

namespace DiffusionBatch.Diffusion.Tokenization.WordPiece;

/// <summary>
/// BERT's normalizer: control characters removed, every white space a space, spaces around Chinese characters, and, for
/// uncased models, accents stripped and letters made small.
/// </summary>
/// <param name="options">What is done.</param>
/// <param name="clean">Whether control characters and white space are cleaned.</param>
internal sealed class BertCleaner(BertNormalizerOptions options, bool clean = true)
{
    /// <summary>The cleaned text.</summary>
    public string Clean(ReadOnlySpan<char> text)
    {
        var cleaned = new StringBuilder(text.Length + 16);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean && (rune.Value is 0 or 0xFFFD || IsControl(rune))) continue;
            if (clean && IsWhiteSpace(rune)) cleaned.Append(' ');
            else if (options.SplitChinese && IsChinese(rune.Value))
                cleaned.Append(' ').Append(units[..rune.EncodeToUtf16(units)]).Append(' ');
            else cleaned.Append(units[..rune.EncodeToUtf16(units)]);
        }
        string result = cleaned.ToString();
        bool ascii = Ascii.IsValid(result);
        if (options.StripAccents && !ascii) result = Casing.WithoutMarks(UnicodeNormalization.Apply(result, UnicodeForm.Nfd));
        return !options.Lowercase ? result : ascii ? result.ToLowerInvariant() : Casing.Lower(result);
    }

    static bool IsWhiteSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.IsWhiteSpace(rune);

    static bool IsControl(Rune rune)
    {
        if (rune.Value is '\t' or '\n' or '\r') return false;
        if (rune.IsAscii) return rune.Value is < 0x20 or 0x7F;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;
    }

    /// <summary>The blocks of CJK unified and compatibility ideographs that BERT splits at.</summary>
    internal static bool IsChinese(int scalar) =>
        scalar is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x2F800 and <= 0x2FA1F);
}
