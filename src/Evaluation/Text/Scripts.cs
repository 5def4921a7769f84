using System.Text;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>What scripts have in common for those who look for words and numbers in texts.</summary>
internal static class Scripts
{
    /// <summary>Whether a character is of a script that is written without spaces between words: a label beside it stands alone.</summary>
    public static bool IsUnspaced(char c) => c is
        (>= '\u3005' and <= '\u3007')    // marks of repetition, zero
        or (>= '\u3040' and <= '\u30FF') // kana
        or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') // ideographs
        or (>= '\uAC00' and <= '\uD7AF'); // Hangul, whose particles follow a word directly

    /// <summary>Whether a character is an ideograph or a kana, a word of its own where nothing parts words.</summary>
    public static bool IsIdeograph(Rune rune) => rune.IsBmp
        ? (char)rune.Value is var c && c is not (>= '\uAC00' and <= '\uD7AF' or '\u30FB') && IsUnspaced(c)
        : rune.Value is >= 0x20000 and <= 0x3FFFF;

    /// <summary>Whether a character is a letter or digit that what stands beside it belongs to.</summary>
    public static bool IsWord(char c) => char.IsLetterOrDigit(c) && !IsUnspaced(c);
}
