using System.Text.Json;

namespace DiffusionBatch.Cli.Tests.Running;

public sealed class RunTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_pipeline_runs_once_and_then_says_that_there_is_nothing_to_do()
    {
        SmallPipeline.Write(_folder);
        var first = await Dbatch.RunAsync(_folder.Path, "run", "manifest.json");
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Matches(@"(?m)^train +finetune +completed ", first.Out);
        Assert.Matches(@"(?m)^translate +sample +completed +12 ", first.Out);
        Assert.Matches(@"(?m)^steps=2 +[\d.]+ +[\d.]+ ", first.Out);
        Assert.Matches(@"(?m)^train: training ", first.Error);
        Assert.DoesNotContain("train: ", first.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["reports/numbers/report.html"]) && File.Exists(_folder["dbatch.db"]));
        Assert.Equal(12, File.ReadLines(_folder["results/numbers/steps=2/part-00000.jsonl"]).Count());
        byte[] weights = File.ReadAllBytes(_folder["models/numbers/model.safetensors"]);

        var second = await Dbatch.RunAsync(_folder.Path, "run", "manifest.json", "--output", "json");
        Assert.Equal(0, second.ExitCode);
        using JsonDocument document = JsonDocument.Parse(second.Out);
        Assert.Equal("done", document.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(0, document.RootElement.GetProperty("exitCode").GetInt32());
        Assert.All(document.RootElement.GetProperty("jobs").EnumerateArray(), job =>
        {
            Assert.Equal("completed", job.GetProperty("state").GetString());
            Assert.True(job.GetProperty("unchanged").GetBoolean());
        });
        Assert.Equal(weights, File.ReadAllBytes(_folder["models/numbers/model.safetensors"]));
    }

    [Fact]
    public async Task Another_root_and_another_current_folder()
    {
        SmallPipeline.Write(_folder);
        Directory.CreateDirectory(_folder["root"]);
        Directory.Move(_folder["data"], _folder["root/data"]);
        var ended = await Dbatch.RunAsync(_folder.Path, "run", "manifest.json", "--root", "root");
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.True(File.Exists(_folder["root/models/numbers/config.json"]) && File.Exists(_folder["root/dbatch.db"]));
        Assert.Equal(["manifest.json", "root"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Item_errors_below_the_threshold_are_told_and_are_failures_under_strict_only()
    {
        SmallPipeline.Write(_folder, test: SmallPipeline.Pairs(200, 29) + """{"id":"void","source":"","target":"nothing"}""" + "\n");
        var lenient = await Dbatch.RunAsync(_folder.Path, "run", "manifest.json");
        Assert.True(lenient.ExitCode == 0, lenient.Error);
        Assert.Contains("translate: 1 of 30 items have errors", lenient.Error, StringComparison.Ordinal);
        Assert.Contains("29 + 1 errors", lenient.Out, StringComparison.Ordinal);
        var strict = await Dbatch.RunAsync(_folder.Path, "run", "manifest.json", "--strict");
        Assert.Equal(1, strict.ExitCode);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_with_130_and_the_same_command_comes_to_the_same_end(string signal)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Signals are POSIX's.");
        SmallPipeline.Write(_folder, steps: 300);
        using (Dbatch running = Dbatch.Start(_folder.Path, "run", "manifest.json"))
        {
            await running.SaysAsync("train: training ");
            running.Signal(signal);
            var stopped = await running.EndAsync();
            Assert.Equal(130, stopped.ExitCode);
            Assert.Contains("go on with: dbatch run manifest.json", stopped.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", stopped.Error, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(_folder["results/numbers"]));
        var resumed = await Dbatch.RunAsync(_folder.Path, "run", "manifest.json");
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.True(File.Exists(_folder["reports/numbers/report.html"]));
    }

    [Fact]
    public async Task A_second_signal_ends_at_once()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Signals are POSIX's.");
        SmallPipeline.Write(_folder, steps: 1_000_000);
        using Dbatch running = Dbatch.Start(_folder.Path, "run", "manifest.json");
        await running.SaysAsync("train: training ");
        running.Signal("INT");
        running.Signal("INT");
        Assert.Equal(130, (await running.EndAsync()).ExitCode);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
