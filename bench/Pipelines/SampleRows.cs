using System.Globalization;
using System.Text;

namespace DiffusionBatch.Bench;

/// <summary>Made-up lines for sample jobs: short messages, no two the same.</summary>
internal static class SampleRows
{
    private static readonly string[] s_words =
        ["file", "the", "cannot", "value", "open", "type", "is", "not", "a", "name", "of", "argument", "in", "was", "found", "for", "this",
            "invalid", "assembly", "project"];

    /// <summary>Writes rows with a source of some twelve words, and a target.</summary>
    internal static void Write(string file, int rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            1 << 16)
        { NewLine = "\n" };
        var random = new Random(1);
        for (int row = 0; row < rows; row++)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $$"""{"id":"row-{{row:D7}}","source":"{{Words(random, 12)}}","target":"{{Words(random, 8)}}"}"""));
    }

    private static string Words(Random random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => s_words[random.Next(s_words.Length)]));
}
