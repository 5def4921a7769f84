using System.Globalization;
using System.Text;
using DiffusionBatch.Diffusion.Tokenization.Unicode;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization.WordPiece;

/// <summary>
/// What BERT does to a text before WordPiece, as words with one space between: control characters are removed, Chinese
/// characters and punctuation stand alone, and, for uncased models, accents are stripped and letters made small.
/// </summary>
/// <param name="specials">Tokens that stay whole wherever they stand: [MASK], [CLS], ...</param>
/// <param name="options">What is done.</param>
/// <param name="longestWord">Words of more scalar values become <see cref="TooLong"/>.</param>
internal sealed class BertNormalizer(IEnumerable<string> specials, BertNormalizerOptions options, int longestWord = BertNormalizer.LongestWord) : Normalizer
{
    readonly SpecialSplitter _specials = new(specials);

    /// <summary>BERT's limit: longer words are unknown.</summary>
    public const int LongestWord = 100;

    /// <summary>A word that no vocabulary has: a noncharacter.</summary>
    public const char TooLong = '\uFFFF';

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());

    /// <inheritdoc/>
    public override string Normalize(string original)
    {
        var words = new StringBuilder(original.Length + 16);
        int start = 0;
        for (int at; (at = _specials.Next(original, start, out string token)) >= 0; start = at + token.Length)
        {
            AppendWords(original.AsSpan(start, at - start), words);
            words.Append(token).Append(' ');
        }
        AppendWords(original.AsSpan(start), words);
        return words.ToString();
    }

    void AppendWords(ReadOnlySpan<char> text, StringBuilder words)
    {
        string letters = Letters(text);
        int wordStart = words.Length, length = 0;
        Span<char> units = stackalloc char[2];
        foreach (var rune in letters.EnumerateRunes())
        {
            bool alone = IsPunctuation(rune);
            if (alone || rune.Value == ' ') EndWord();
            if (rune.Value == ' ') continue;
            words.Append(units[..rune.EncodeToUtf16(units)]);
            length++;
            if (alone) EndWord();
        }
        EndWord();

        void EndWord()
        {
            if (length == 0) return;
            if (length > longestWord)
            {
                words.Length = wordStart;
                words.Append(TooLong);
            }
            words.Append(' ');
            (wordStart, length) = (words.Length, 0);
        }
    }

    /// <summary>The text cleaned, every white space a space, spaces around Chinese characters, accents and case as wanted.</summary>
    string Letters(ReadOnlySpan<char> text)
    {
        var cleaned = new StringBuilder(text.Length + 16);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is 0 or 0xFFFD || IsControl(rune)) continue;
            if (IsWhiteSpace(rune)) cleaned.Append(' ');
            else if (options.SplitChinese && IsChinese(rune.Value)) cleaned.Append(' ').Append(units[..rune.EncodeToUtf16(units)]).Append(' ');
            else cleaned.Append(units[..rune.EncodeToUtf16(units)]);
        }
        string result = cleaned.ToString();
        if (options.StripAccents && !Ascii.IsValid(result)) result = Casing.WithoutMarks(UnicodeNormalization.Apply(result, UnicodeForm.Nfd));
        return options.Lowercase ? Ascii.IsValid(result) ? result.ToLowerInvariant() : Casing.Lower(result) : result;
    }

    static bool IsWhiteSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.IsWhiteSpace(rune);

    static bool IsControl(Rune rune)
    {
        if (rune.Value is '\t' or '\n' or '\r') return false;
        if (rune.IsAscii) return rune.Value is < 0x20 or 0x7F;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;
    }

    /// <summary>Unicode's punctuation and, of ASCII, symbols too.</summary>
    internal static bool IsPunctuation(Rune rune) => rune.IsAscii ? rune.Value is > ' ' and < 0x7F && !char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.IsPunctuation(rune);

    /// <summary>The blocks of CJK unified and compatibility ideographs that BERT splits at.</summary>
    internal static bool IsChinese(int scalar) => scalar is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
