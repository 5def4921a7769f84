using System.Text;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

/// <summary>Small made-up texts for tokenizer tests.</summary>
internal static class Corpus
{
    static readonly string[] s_words =
        ("the a file folder cannot open close read write error value is not found of in to expected "
            + "argument ist nicht die der Datei Wert größer als").Split(' ');

    /// <summary>Sentences of frequent words, the same for the same seed.</summary>
    public static IEnumerable<string> Sentences(int count, int seed = 1)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
            yield return string.Join(' ', Enumerable.Range(0, random.Next(2, 9)).Select(_ => s_words[random.Next(s_words.Length)]))
                + (i % 3 == 0 ? "." : "");
    }

    /// <summary>A text of random scalar values from every plane, white space and markup included.</summary>
    public static string AnyText(Random random)
    {
        var text = new StringBuilder();
        int length = random.Next(0, 40);
        while (text.Length < length)
        {
            switch (random.Next(8))
            {
                case 0: text.Append(' '); break;
                case 1: text.Append(" \t\r\n\u00A0\u3000\u2028\u0085\0"[random.Next(9)]); break;
                case 2: text.Append(s_words[random.Next(s_words.Length)]); break;
                case 3: text.Append(new[] { "<mask>", "<s>", "</s>", "<pad>", "'s", "'LL", "''t" }[random.Next(7)]); break;
                case 4: text.Append(random.Next(10_000)); break;
                case 5: text.Append(char.ConvertFromUtf32(random.Next(0x1F300, 0x1FAFF))); break;
                case 6: text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000))); break;
                default:
                    int scalar = random.Next(0x80, 0xFFFF);
                    text.Append(char.ConvertFromUtf32(scalar is >= 0xD800 and <= 0xDFFF ? 0x4E00 : scalar));
                    break;
            }
        }
        return text.ToString();
    }
}
