using System.Text.Json;

namespace DiffusionBatch.Cli.Tests.Commands;

public sealed class TokenizeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Tokenize_reads_strings_and_writes_ids_and_back()
    {
        Directory.CreateDirectory(_folder["t"]);
        File.Copy(SharedData.Require("data/tokenizers/roberta-vocab.json"), _folder["t/vocab.json"]);
        File.Copy(SharedData.Require("data/tokenizers/gpt2-merges.txt"), _folder["t/merges.txt"]);
        var wrapped = await Dbatch.RunAsync(_folder.Path, "\"Hello world\"\n\n\"\"\n", ["tokenize", "t"]);
        Assert.Equal((0, "[0,31414,232,2]\n[0,2]\n", ""), (wrapped.ExitCode, wrapped.Out, wrapped.Error));
        var plain = await Dbatch.RunAsync(_folder.Path, "\"Hello world\"\n", ["tokenize", "t", "--plain"]);
        Assert.Equal("[31414,232]\n", plain.Out);
        var back = await Dbatch.RunAsync(_folder.Path, wrapped.Out, ["tokenize", "t", "--decode"]);
        Assert.Equal("\"Hello world\"\n\"\"\n", back.Out);
        var bad = await Dbatch.RunAsync(_folder.Path, "\"fine\"\n7\n", ["tokenize", "t"]);
        Assert.Equal(2, bad.ExitCode);
        Assert.Contains("standard input:2: expected a JSON string", bad.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xlm-roberta", "sentencepiece.bpe.model=tokenizers/xlmr_rebuilt.sentencepiece.bpe.model")]
    [InlineData("llama", "tokenizer.model=tokenizers/llama_tokenizer.model", "config.json={\"model_type\":\"llama\"}")]
    [InlineData("stories260K", "tokenizer.model=models/stories260K/tokenizer.model", "config.json=models/stories260K/config.json", "--as",
        "sentencepiece")]
    [InlineData("gpt2", "vocab.json=tokenizers/gpt2-vocab.json", "merges.txt=tokenizers/gpt2-merges.txt")]
    [InlineData("bert-base-uncased", "vocab.txt=tokenizers/bert-base-uncased-vocab.txt")]
    public async Task The_golden_texts_have_their_ids(string name, params string[] arguments)
    {
        Directory.CreateDirectory(_folder["t"]);
        foreach (string[] file in arguments.Where(a => a.Contains('=')).Select(a => a.Split('=', 2)))
            File.WriteAllBytes(_folder["t/" + file[0]], file[1].StartsWith('{')
                ? System.Text.Encoding.UTF8.GetBytes(file[1])
                : File.ReadAllBytes(SharedData.Require("data/" + file[1])));
        string[] options = [.. arguments.Where(a => !a.Contains('='))];
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("golden/tokenizers/tokenizers.json")));
        var items = golden.RootElement.EnumerateArray().ToList();
        string ids = Lines(items.Select(i => i.GetProperty(name)));

        var encoded = await Dbatch.RunAsync(_folder.Path, Lines(items.Select(i => i.GetProperty("text"))), ["tokenize", "t", .. options]);
        Assert.Equal((0, ids, ""), (encoded.ExitCode, encoded.Out, encoded.Error));
        if (!items[0].TryGetProperty(name + ".decoded", out _)) return;
        var decoded = await Dbatch.RunAsync(_folder.Path, ids, ["tokenize", "t", "--decode", .. options]);
        Assert.Equal(items.Select(i => i.GetProperty(name + ".decoded").GetString()),
            decoded.Out.TrimEnd('\n').Split('\n').Select(l => JsonSerializer.Deserialize<string>(l)));

        static string Lines(IEnumerable<JsonElement> values) => string.Concat(values.Select(v => JsonSerializer.Serialize(v) + "\n"));
    }

    [Theory]
    [InlineData("\"a\"\n\"\\ud83d\"\n", 2, "half a surrogate pair")]
    [InlineData("\"a\n", 1, "expected a JSON string")]
    [InlineData("\"a\" \"b\"\n", 1, "expected a JSON string")]
    [InlineData("null\n", 1, "expected a JSON string")]
    [InlineData("\n[1]\n", 2, "expected a JSON string")]
    public async Task A_bad_line_is_named_and_those_before_it_are_written(string input, int line, string message)
    {
        Directory.CreateDirectory(_folder["t"]);
        File.WriteAllText(_folder["t/vocab.txt"], "[UNK]\na\n");
        var ended = await Dbatch.RunAsync(_folder.Path, input, ["tokenize", "t"]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"standard input:{line}: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(message, ended.Error, StringComparison.Ordinal);
        Assert.Equal(input.StartsWith("\"a\"\n", StringComparison.Ordinal) ? "[1]\n" : "", ended.Out);
    }

    [Fact]
    public async Task Bad_ids_a_bad_family_and_a_folder_without_files_are_errors()
    {
        Directory.CreateDirectory(_folder["t"]);
        var none = await Dbatch.RunAsync(_folder.Path, "", ["tokenize", "t"]);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("no tokenizer files", none.Error, StringComparison.Ordinal);
        File.WriteAllText(_folder["t/vocab.txt"], "[UNK]\na\n");
        var ids = await Dbatch.RunAsync(_folder.Path, "[1]\n[1,\"a\"]\n", ["tokenize", "t", "--decode"]);
        Assert.Equal((2, "\"a\"\n"), (ids.ExitCode, ids.Out));
        Assert.Contains("standard input:2: expected an array of ids", ids.Error, StringComparison.Ordinal);
        var family = await Dbatch.RunAsync(_folder.Path, "", ["tokenize", "t", "--as", "llama"]);
        Assert.Equal(2, family.ExitCode);
        Assert.Contains("no file of the family", family.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_a_megabyte_and_line_breaks_of_windows_are_read()
    {
        Directory.CreateDirectory(_folder["t"]);
        File.WriteAllText(_folder["t/vocab.txt"], "[UNK]\na\n");
        var ended = await Dbatch.RunAsync(_folder.Path, "\"a\"\r\n\"" + string.Concat(Enumerable.Repeat("a ", 500_000)) + "\"\r\n\"a\"",
            ["tokenize", "t"]);
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("[1]\n[" + string.Join(',', Enumerable.Repeat(1, 500_000)) + "]\n[1]\n", ended.Out);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
