using System.Text;
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
    readonly BertCleaner _cleaner = new(options);
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
        string letters = _cleaner.Clean(text);
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

    /// <summary>Unicode's punctuation and, of ASCII, symbols too.</summary>
    internal static bool IsPunctuation(Rune rune) => rune.IsAscii ? rune.Value is > ' ' and < 0x7F && !char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.IsPunctuation(rune);
}
