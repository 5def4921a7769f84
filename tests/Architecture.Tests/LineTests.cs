using DiffusionBatch.Testing;

namespace DiffusionBatch.Architecture.Tests;

/// <summary>Code is read side by side: a line has at most 140 characters. Data in raw strings stand as they are.</summary>
public sealed class LineTests
{
    const int Most = 140;

    [Fact]
    public void No_line_of_code_is_longer_than_140_characters() =>
        Assert.Empty(Sources().SelectMany(file => TooLong(File.ReadLines(file)).Select(line => $"{file}:{line}")));

    [Theory]
    [InlineData(0, "short")]
    [InlineData(1, "//LONG")]
    [InlineData(1, "text = \"\"\"", "LONG", "\"\"\";", "LONG")]
    [InlineData(0, "text = \"\"\"LONG\"\"\";")]
    public void Raw_strings_alone_may_be_longer(int expected, params string[] lines) =>
        Assert.Equal(expected, TooLong(lines.Select(l => l.Replace("LONG", new string('x', Most + 1), StringComparison.Ordinal))).Count());

    static IEnumerable<string> Sources() => ((string[])["src", "tests", "bench"])
        .SelectMany(room => Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, room), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"));

    static IEnumerable<int> TooLong(IEnumerable<string> lines)
    {
        bool raw = false;
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            int quotes = line.Split("\"\"\"").Length - 1;
            if (line.Length > Most && !raw && quotes == 0) yield return number;
            raw ^= quotes % 2 == 1;
        }
    }
}
