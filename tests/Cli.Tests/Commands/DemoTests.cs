namespace DiffusionBatch.Cli.Tests.Commands;

public sealed class DemoTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_quick_demo_trains_samples_scores_and_shows_three_translations()
    {
        var ended = await Dbatch.RunAsync(_folder.Path, "demo", "--quick");
        Assert.True(ended.ExitCode == 0, ended.Error);
        foreach (int steps in (int[])[1, 2, 4, 8, 16])
            Assert.Matches($@"(?m)^steps={steps}(,\S+)? +[\d.]+ +[\d.]+ ", ended.Out);
        Assert.Equal(3, ended.Out.Split('\n').Count(line => line.StartsWith("source ", StringComparison.Ordinal)));
        Assert.Equal(3, ended.Out.Split('\n').Count(line => line.StartsWith("16 steps", StringComparison.Ordinal)));
        Assert.Contains(Path.Combine("demo-output", "reports", "messages", "report.html"),
            ended.Out.Replace('/', Path.DirectorySeparatorChar), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["demo-output/reports/messages/report.html"]));
    }

    [Fact]
    public async Task Own_data_is_checked_first()
    {
        _folder.Write("mine.jsonl", "{\"id\":\"1\",\"source\":\"a\"}\n");
        var bad = await Dbatch.RunAsync(_folder.Path, "demo", "--quick", "--data", "mine.jsonl");
        Assert.Equal(2, bad.ExitCode);
        Assert.Contains("mine.jsonl:1", bad.Error, StringComparison.Ordinal);
        _folder.Write("mine.jsonl", "{\"id\":\"1\",\"source\":\"a\",\"target\":\"b\"}\n");
        var few = await Dbatch.RunAsync(_folder.Path, "demo", "--quick", "--data", "mine.jsonl");
        Assert.Equal(2, few.ExitCode);
        Assert.Contains("too few", few.Error, StringComparison.Ordinal);
        Assert.Equal(["mine.jsonl"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
