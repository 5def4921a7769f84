using System.Text;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization.WordPiece;

/// <summary>
/// What BERT does to a text before WordPiece, as words with one space between: control characters are removed, Chinese
/// characters and punctuation stand alone, and, for uncased models, accents are stripped and letters made small.
/// </summary>
/// <remarks>
/// The library's own BertTokenizer joins words over line breaks and tabs, drops symbols and emoji, and strips no accents
/// under invariant globalization (dotnet/machinelearning issues 7724, 7725 and 7728).
/// </remarks>
/// <param name="options">What is done.</param>
/// <param name="longestWord">Words of more scalar values become <see cref="TooLong"/>.</param>
internal sealed class BertNormalizer(BertNormalizerOptions options, int longestWord = BertNormalizer.LongestWord) : Normalizer
{
    readonly BertCleaner _cleaner = new(options);

    /// <summary>BERT's limit: longer words are unknown.</summary>
    public const int LongestWord = 100;

    /// <summary>A word that no vocabulary has: a noncharacter.</summary>
    public const char TooLong = '\uFFFF';

    /// <inheritdoc/>
    public override string Normalize(string original) => Normalize(original.AsSpan());

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original)
    {
        ReadOnlySpan<char> letters = options.Basic ? _cleaner.Clean(original) : original;
        var words = new StringBuilder(letters.Length + 16);
        int wordStart = 0, length = 0;
        Span<char> units = stackalloc char[2];
        foreach (var rune in letters.EnumerateRunes())
        {
            bool space = options.Basic ? rune.Value == ' ' : IsBlank(rune), alone = options.Basic && IsPunctuation(rune);
            if (space || alone) EndWord();
            if (space) continue;
            words.Append(units[..rune.EncodeToUtf16(units)]);
            length++;
            if (alone) EndWord();
        }
        EndWord();
        return words.ToString();

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

    // What Python splits at: white space and the four separators of ASCII.
    static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;

    /// <summary>Unicode's punctuation and, of ASCII, symbols too.</summary>
    internal static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? rune.Value is > ' ' and < 0x7F && !char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.IsPunctuation(rune);
}
