using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DiffusionBatch.Cli.Tests.Running;

namespace DiffusionBatch.Cli.Tests.Local;

/// <summary>The whole of it with real processes: Azurite, the API, two workers, and the commands of a user.</summary>
public sealed class UpTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // What runs of this test's pipeline: each process has the root or the port on its command line.
    IReadOnlyList<string> Running(Uri url) =>
        [.. Directory.EnumerateDirectories("/proc").Where(d => char.IsDigit(Path.GetFileName(d)[0])).Select(CommandLine)
            .Where(c => c.Contains(Path.Combine(_folder.Path, "state"), StringComparison.Ordinal) || c.Contains(url.ToString(), StringComparison.Ordinal))];

    static string CommandLine(string process)
    {
        try
        {
            return $"{Path.GetFileName(process)} {File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return "";
        }
    }

    static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [Fact]
    public async Task A_pipeline_is_submitted_watched_fetched_and_one_interrupt_leaves_nothing()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("This looks at processes under /proc.");
        SmallPipeline.Write(_folder);
        await using var up = new UpProcess();
        await up.StartAsync(_folder.Path, "--root", Path.Combine(_folder.Path, "state"), "--workers", "2");
        Assert.True(Running(up.Url!).Count >= 4, string.Join('\n', Running(up.Url!)));

        // A worker that is killed comes back.
        string victim = Assert.Single(Running(up.Url!), c => c.Contains("GpuWorker", StringComparison.Ordinal) && c.Contains("worker-2", StringComparison.Ordinal));
        Process.GetProcessById(int.Parse(victim.Split(' ')[0], CultureInfo.InvariantCulture)).Kill();
        await up.SaysAsync("worker-2 ended with code 137");

        var submitted = await up.RunAsync(_folder.Path, "submit", "manifest.json", "--upload", ".", "--wait");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        string job = submitted.Out.Trim();
        Assert.StartsWith("job_", job, StringComparison.Ordinal);
        Assert.Contains("uploaded data/train.jsonl", submitted.Error, StringComparison.Ordinal);

        var status = await up.RunAsync(_folder.Path, "status", "numbers", "--output", "json");
        JsonElement shown = JsonDocument.Parse(status.Out).RootElement;
        Assert.Equal((job, "completed", 3), (shown.GetProperty("id").GetString(), shown.GetProperty("state").GetString(), shown.GetProperty("jobs").GetArrayLength()));
        Assert.All(shown.GetProperty("jobs").EnumerateArray(), j => Assert.Equal("completed", j.GetProperty("state").GetString()));
        Assert.Contains("completed", (await up.RunAsync(_folder.Path, "status")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await up.RunAsync(_folder.Path, "watch", job)).ExitCode);

        var lines = await up.RunAsync(_folder.Path, "results", "translate", "--cell", "steps=2");
        Assert.Equal(Enumerable.Range(200, 12).Select(i => $"{i}"), lines.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()));
        var cells = await up.RunAsync(_folder.Path, "results", "translate");
        Assert.Equal(2, cells.ExitCode);
        Assert.Contains("steps=1, steps=2", cells.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await up.RunAsync(_folder.Path, "results", "score", "--out", "fetched")).ExitCode);
        Assert.Contains("\"bleu\"", File.ReadAllText(Path.Combine(_folder.Path, "fetched", "report.json")), StringComparison.Ordinal);

        _folder.Write("bad.json", "{\n  \"kind\": \"sample\", \"name\": \"x\", \"stepz\": 1 }");
        var bad = await up.RunAsync(_folder.Path, "submit", "bad.json");
        Assert.True(bad.ExitCode == 2, bad.Error);
        Assert.Contains("bad.json:2:", bad.Error, StringComparison.Ordinal);
        var ended = await up.RunAsync(_folder.Path, "cancel", job);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("completed already", ended.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await up.RunAsync(_folder.Path, "status", "nobody")).ExitCode);
        Assert.Contains("empty", (await up.RunAsync(_folder.Path, "poison", "list")).Error, StringComparison.Ordinal);
        var twice = await Dbatch.RunAsync(_folder.Path, "up", "--root", Path.Combine(_folder.Path, "state"));
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains("in use", twice.Error, StringComparison.Ordinal);

        Uri url = up.Url!;
        var stopped = await up.InterruptAsync();
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("ready", stopped.Out, StringComparison.Ordinal);
        Assert.Empty(Running(url));
        Assert.False(await ListensAsync(url.Port));
    }
}
