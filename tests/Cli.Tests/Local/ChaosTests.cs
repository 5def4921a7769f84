using System.Globalization;
using DiffusionBatch.Cli.Tests.Running;

namespace DiffusionBatch.Cli.Tests.Local;

/// <summary>
/// Real workers on Azurite that are killed, stopped or stand still: what comes out is what one undisturbed process makes. <c>bench
/// chaos</c> does it at length.
/// </summary>
public sealed class ChaosTests : IDisposable
{
    const int Seed = 3;

    readonly TemporaryFolder _folder = new();

    string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    // A model, and a sample job of that many items in shards of that size.
    async Task MakeAsync(int items, int shardSize, int steps)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("This looks at processes under /proc.");
        _folder.Write("data/train.jsonl", SmallPipeline.Pairs(0, 200));
        _folder.Write("data/test.jsonl", SmallPipeline.Pairs(200, items));
        _folder.Write("train.json", Train("models/numbers"));
        _folder.Write("sample.json", $$"""
            { "kind": "sample", "name": "translate", "model": { "from": "models/numbers" }, "input": "data/test.jsonl",
              "sampler": { "steps": [2, {{steps.ToString(CultureInfo.InvariantCulture)}}], "temperature": 0.7, "length": { "source": "predicted" } },
              "trace": true, "shardSize": {{shardSize.ToString(CultureInfo.InvariantCulture)}}, "output": "results/numbers" }
            """);
        foreach (string manifest in (string[])["train.json", "sample.json"])
        {
            var ended = await Dbatch.RunAsync(_folder.Path, "run", manifest);
            Assert.True(ended.ExitCode == 0, ended.Error);
        }
    }

    static string Train(string output) => $$"""
        { "kind": "finetune", "name": "train",
          "model": { "new": { "architecture": "xlm-roberta", "hiddenSize": 32, "layers": 2, "heads": 2, "feedForwardSize": 64, "maxPositions": 66 },
                     "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
          "data": { "train": "data/train.jsonl", "prompt": "{source} = ", "maxLength": 64 },
          "training": { "steps": 200, "batchTokens": 512, "checkpointEvery": 5, "learningRate": 3e-3 },
          "length": { "predictor": { "steps": 5 } }, "output": "{{output}}" }
        """;

    static async Task<string> SubmitAsync(UpProcess up, string folder, string manifest)
    {
        var submitted = await up.RunAsync(folder, "submit", manifest, "--upload", ".");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        return submitted.Out.Trim();
    }

    // Ends well, and its files are those of the undisturbed run.
    async Task DemandSameAsync(UpProcess up, string job, string undisturbed, string pattern)
    {
        var watched = await up.RunAsync(_folder.Path, "watch", job);
        Assert.True(watched.ExitCode == 0, watched.Error);
        string fetched = Path.Combine(_folder.Path, "fetched", job);
        Assert.Equal(0, (await up.RunAsync(_folder.Path, "results", job, "--out", fetched)).ExitCode);
        string expected = Path.Combine(_folder.Path, undisturbed);
        string[] files = [.. Directory.EnumerateFiles(expected, pattern, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(expected, f)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        Assert.Equal(files, Directory.EnumerateFiles(fetched, pattern, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(fetched, f)).Order(StringComparer.Ordinal));
        foreach (string file in files)
            Assert.True(File.ReadAllBytes(Path.Combine(expected, file)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(fetched, file))), file);
    }

    [Fact]
    public async Task Killed_workers_lose_nothing_and_double_nothing()
    {
        await MakeAsync(items: 400, shardSize: 20, steps: 48);
        var workers = new LocalWorkers(State, Path.Combine(State, "dbatch.db"));
        await using var up = new UpProcess { Environment = { ["Worker__Lease"] = "00:00:04", ["Worker__CheckpointEvery"] = "00:00:01" } };
        await up.StartAsync(_folder.Path, "--root", State, "--workers", "2");
        var random = new Random(Seed);

        string sample = await SubmitAsync(up, _folder.Path, "sample.json");
        int kills = 0;
        // A fast machine may be through before the last of them.
        for (; kills < 6 && await workers.HolderAsync() is { } holder; kills++)
        {
            await Task.Delay(random.Next(200));
            // One of them is asked to stop.
            Machine.Signal(holder.Process, kills == 2 ? "TERM" : "KILL");
            await LocalWorkers.EndAsync(holder.Process);
        }
        Assert.True(kills >= 3, $"{kills} kills");
        await DemandSameAsync(up, sample, "results/numbers", "*.jsonl");
        Assert.True(workers.Attempts("lapsed") >= 1);

        _folder.Write("again.json", Train("models/again"));
        string train = await SubmitAsync(up, _folder.Path, "again.json");
        for (kills = 0; kills < 2 && await workers.HolderAsync() is { } holder; kills++)
        {
            await Task.Delay(500 + random.Next(1000));
            Machine.Signal(holder.Process, "KILL");
            await LocalWorkers.EndAsync(holder.Process);
        }
        Assert.True(kills >= 1, "The finetune ended before its worker was killed.");
        await DemandSameAsync(up, train, "models/numbers", "*.safetensors");
        Assert.Equal(130, (await up.InterruptAsync()).ExitCode);
    }

    [Fact]
    public async Task A_worker_that_stood_still_beyond_its_lease_is_fenced_off_and_says_so()
    {
        await MakeAsync(items: 400, shardSize: 20, steps: 48);
        string index = Path.Combine(_folder.Path, "elsewhere.db");
        var workers = new LocalWorkers(State, index);
        await using var up = new UpProcess { Environment = { ["Worker__Lease"] = "00:00:04" } };
        await up.StartAsync(_folder.Path, "--root", State, "--workers", "2", "--index", index);
        string sample = await SubmitAsync(up, _folder.Path, "sample.json");
        string name;
        int process;
        while (true)
        {
            (name, process) = (await workers.HolderAsync())!.Value;
            Machine.Signal(process, "STOP");
            if (workers.IsWritable() && workers.Holders().Contains(name)) break;
            Machine.Signal(process, "CONT");
        }
        // The other one takes over what this one believes to hold, and ends the job.
        var watched = await up.RunAsync(_folder.Path, "watch", sample);
        Machine.Signal(process, "CONT");
        Assert.True(watched.ExitCode == 0, watched.Error);
        await up.SaysAsync("is fenced off");
        await DemandSameAsync(up, sample, "results/numbers", "*.jsonl");
        Assert.Equal(20, workers.Attempts("completed"));
        Assert.True(workers.Attempts("lapsed") >= 1);
        var ended = await up.InterruptAsync();
        Assert.Contains(ended.Error.Split('\n'), line => line.StartsWith(name, StringComparison.Ordinal)
            && line.Contains("is fenced off", StringComparison.Ordinal));
    }
}
