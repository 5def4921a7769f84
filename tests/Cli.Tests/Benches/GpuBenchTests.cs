using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Cli.Tests.Benches;

/// <summary>What is to run on a GPU machine for ten minutes runs here in seconds: the same code on a CPU, of a tiny shape.</summary>
public sealed class GpuBenchTests
{
    [Fact]
    public async Task Every_case_runs_on_a_cpu_and_an_item_s_bytes_do_not_depend_on_its_batch()
    {
        using var folder = new TemporaryFolder();
        string json = Path.Combine(folder.Path, "gpu.json");
        string output = new DirectoryInfo(AppContext.BaseDirectory).Name,
            configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string bench = Path.Combine(SharedData.RepositoryRoot, "bench", "bin", configuration, output, "Bench.dll");
        using var process =
            Process.Start(new ProcessStartInfo(Dbatch.Host,
                [bench, "gpu", "--shape", "tiny", "--device", "cpu", "--tokens", "128", "--runs", "1", "--count", "6", "--json", json])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        Task<string> said = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            complained = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await said + await complained);
        var rows = JsonNode.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken))!["rows"]!.AsArray();
        Assert.Equal(
            ["train tiny float32", "train tiny float32 recomputed", "train tiny bfloat16", "train tiny bfloat16 recomputed",
                "sample tiny float32", "sweep tiny float32"],
            rows.Select(r => (string)r!["case"]!));
        Assert.Equal(["yes", "yes"], rows.Select(r => (string?)r!["same bytes"]).OfType<string>());
        Assert.All(rows, r => Assert.True((double)r!["tokens/s"]! > 0));
    }
}
