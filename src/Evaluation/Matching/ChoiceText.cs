using System.Text;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>A text with its labels in plain signs: letters, digits and punctuation of full width, and letters of mathematics, as ASCII's; corner and lens brackets as round ones.</summary>
internal static class ChoiceText
{
    const int MathematicalCapital = 0x1D400, MathematicalEnd = 0x1D6A4;
    const int Letters = 26;

    /// <summary>Writes the plain text into a buffer that is used again.</summary>
    public static ReadOnlySpan<char> Plain(ReadOnlySpan<char> text, CharBuffer plain)
    {
        plain.Clear();
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out int width);
            if (rune.Value is >= MathematicalCapital and < MathematicalEnd)
            {
                // Alphabets of different faces, capitals and small letters, one after the other.
                int letter = (rune.Value - MathematicalCapital) % (2 * Letters);
                plain.Add((char)(letter < Letters ? 'A' + letter : 'a' + letter - Letters));
            }
            else if (Rune.IsDigit(rune)) plain.Add((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (width > 1) plain.Add(text.Slice(i, width));
            else plain.Add(Sign(text[i]));
            i += width;
        }
        return plain.Written;
    }

    static char Sign(char c) => c switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(c - '\uFF01' + '!'),
        '\u3000' => ' ',
        '\u3010' or '\u300C' or '\u300E' or '\u3014' => '(',
        '\u3011' or '\u300D' or '\u300F' or '\u3015' => ')',
        '\u3001' => ',',
        '\u3002' => '.',
        '\u2019' => '\'',
        _ => c,
    };
}
