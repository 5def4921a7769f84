namespace DiffusionBatch.Cli.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("no command is given")]
    [InlineData("'bogus'", "bogus")]
    [InlineData("MANIFEST", "run")]
    [InlineData("--root nowhere: no such folder", "run", "m.json", "--root", "nowhere")]
    [InlineData("'--bogus'", "run", "--bogus")]
    [InlineData("'yaml'", "run", "m.json", "--output", "yaml")]
    [InlineData("no such folder", "inspect", "nowhere")]
    [InlineData("belong together", "inspect", ".", "--forward", "x")]
    [InlineData("--minutes", "demo", "--minutes", "0")]
    [InlineData("expected at least 1", "corpus", "--max-words", "0")]
    [InlineData("--split needs --out", "corpus", "--split")]
    [InlineData("--split is for pairs", "corpus", "--text", "--split", "--out", "x.jsonl")]
    [InlineData("--max-words is for pairs", "corpus", "--text", "--max-words", "3")]
    [InlineData("one is en", "corpus", "--text", "--languages", "de-fr")]
    [InlineData("one is en", "corpus", "--languages", "de-fr")]
    [InlineData("it has cs, de, es", "corpus", "--languages", "xx-en")]
    [InlineData("no such folder", "tokenize", "nowhere")]
    public async Task A_wrong_command_line_is_said_on_standard_error_and_ends_with_2(string message, params string[] arguments)
    {
        var ended = await Dbatch.RunAsync(_folder.Path, arguments);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(message, ended.Error, StringComparison.Ordinal);
        Assert.Empty(ended.Out);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Corpus_writes_data_to_standard_output_and_the_rest_to_standard_error()
    {
        var piped = await Dbatch.RunAsync(_folder.Path, "corpus", "--max-words", "2");
        var filed = await Dbatch.RunAsync(_folder.Path, "corpus", "--max-words", "2", "--out", "data/pairs.jsonl");
        Assert.Equal((0, 0), (piped.ExitCode, filed.ExitCode));
        Assert.Empty(filed.Out);
        Assert.Contains("de-en pairs from the .NET SDK", piped.Error, StringComparison.Ordinal);
        // Two processes, the same bytes.
        Assert.Equal(File.ReadAllText(_folder["data/pairs.jsonl"]), piped.Out);
        Assert.All(piped.Out.TrimEnd('\n').Split('\n'),
            line => Assert.Matches("""^\{"id":"sdk-[0-9a-f]{16}","source":".+","target":".+"\}$""", line));
        Assert.Equal(["pairs.jsonl"], Directory.GetFiles(_folder["data"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Corpus_writes_texts_to_pretrain_on()
    {
        var ended = await Dbatch.RunAsync(_folder.Path, "corpus", "--text", "--out", "data/texts.jsonl");
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Matches("data/texts.jsonl: [0-9,]+ texts from the .NET SDK", ended.Error);
        string[] lines = File.ReadAllLines(_folder["data/texts.jsonl"]);
        Assert.True(lines.Length > 10_000);
        Assert.All(lines, line => Assert.Matches("""^\{"id":"text-[0-9a-f]{16}","source":".+"\}$""", line));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
