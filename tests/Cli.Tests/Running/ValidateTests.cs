using System.Text.Json;

namespace DiffusionBatch.Cli.Tests.Running;

public sealed class ValidateTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_good_manifest_shows_its_plan_and_nothing_is_written()
    {
        SmallPipeline.Write(_folder);
        var ended = await Dbatch.RunAsync(_folder.Path, "validate", "manifest.json");
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.StartsWith("manifest.json is valid\n", ended.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^translate +sample +train +2 +results/numbers$", ended.Out);
        Assert.Equal(["data", "manifest.json"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    public async Task Every_problem_of_a_manifest_has_its_place(string command)
    {
        _folder.Write("bad.json", """
            { "kind": "sample", "name": "Bad Name",
              "model": { "from": "models/absent" },
              "input": "data/absent.jsonl",
              "sampler": { "steps": [4, 0] },
              "colour": "red",
              "output": "out" }
            """);
        var ended = await Dbatch.RunAsync(_folder.Path, command, "bad.json");
        Assert.Equal((2, ""), (ended.ExitCode, ended.Out));
        string[] lines = ended.Error.TrimEnd('\n').Split('\n');
        foreach (string place in (string[])["bad.json:1:29: /name: ", "bad.json:2:22: /model/from: ", "bad.json:3:12: /input: ",
            "bad.json:4:29: /sampler/steps/1: "])
            Assert.Contains(lines, line => line.StartsWith(place, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("bad.json:5:", StringComparison.Ordinal)
            && line.Contains("/colour", StringComparison.Ordinal));
        Assert.Equal(["bad.json"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_bad_line_of_an_input_file_is_found_before_anything_is_written()
    {
        SmallPipeline.Write(_folder, test: SmallPipeline.Pairs(0, 2) + "{\"id\": broken}\n");
        var ended = await Dbatch.RunAsync(_folder.Path, "run", "manifest.json", "--output", "json");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("data/test.jsonl:3", ended.Error, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(ended.Out);
        Assert.Equal("badInput", document.RootElement.GetProperty("verdict").GetString());
        Assert.Contains(document.RootElement.GetProperty("problems").EnumerateArray(), p => p.GetProperty("line").GetInt32() == 3);
        Assert.Equal(["data", "manifest.json"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    public async Task An_output_folder_of_others_is_refused_at_its_place(string command)
    {
        SmallPipeline.Write(_folder);
        _folder.Write("results/numbers/notes.txt", "mine");
        var ended = await Dbatch.RunAsync(_folder.Path, command, "manifest.json");
        Assert.Equal((2, ""), (ended.ExitCode, ended.Out));
        Assert.Matches(@"^manifest\.json:[0-9]+:[0-9]+: /jobs/1/output: results/numbers holds files", ended.Error);
    }

    [Fact]
    public async Task A_missing_manifest_is_bad_input()
    {
        var ended = await Dbatch.RunAsync(_folder.Path, "validate", "absent.json", "--output", "json");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("absent.json: ", ended.Error, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(ended.Out);
        Assert.False(document.RootElement.GetProperty("valid").GetBoolean());
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
