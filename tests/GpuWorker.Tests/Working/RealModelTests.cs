using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.GpuWorker.Tests.Finetuning;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Reconciling;
using DiffusionBatch.Pipeline.Storage.Queues;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Working;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.GpuWorker.Tests.Working;

/// <summary>Real models through the pipeline: weights, result lines and report figures are those of `dbatch run`.</summary>
public sealed class RealModelTests
{
    [Fact]
    public async Task A_pipeline_of_all_three_kinds_makes_the_same_bytes_as_dbatch_run()
    {
        using WorkRoot local = PipelineJobTests.Root();
        await local.MustRun(PipelineJobTests.Pipeline);
        using WorkRoot root = PipelineJobTests.Root();
        JobRow job = await RunAsync(root, PipelineJobTests.Pipeline, workers: 2);
        Assert.Equal(JobState.Completed, job.State);
        Assert.Equal(local.Files("models/tiny"), root.Files("models/tiny"));
        Assert.Equal(local.Files("results/tiny"), root.Files("results/tiny"));
        Assert.Equal(Scores(local), Scores(root));
    }

    [Fact]
    public async Task Shards_of_a_sweep_with_traces_make_the_same_bytes_as_dbatch_run()
    {
        const string job = """
            { "kind": "sample", "name": "sweep", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results/s", "seed": 3,
              "sampler": { "steps": [2, 5], "order": "stochastic", "temperature": 0.7 }, "shardSize": 5, "batchTokens": 200, "trace": true }
            """;
        using WorkRoot local = Sweep(), root = Sweep();
        await local.MustRun(job);
        Assert.Equal(JobState.Completed, (await RunAsync(root, job, workers: 1)).State);
        Assert.Equal(local.Files("results/s"), root.Files("results/s"));
    }

    [Fact]
    public async Task A_cache_reached_through_links_makes_the_same_bytes()
    {
        const string job =
            """{ "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results/s", "seed": 3, "sampler": { "steps": 2 } }""";
        using WorkRoot plain = Sweep();
        await plain.MustRun(job);
        string cache = Directory.CreateTempSubdirectory("dbatch-cache-").FullName;
        try
        {
            using WorkRoot local = Linked(cache), root = Linked(cache);
            await local.MustRun(job);
            Assert.Equal(plain.Files("results/s"), local.Files("results/s"));
            Assert.Equal(JobState.Completed, (await RunAsync(root, job, workers: 1)).State);
            Assert.Equal(plain.Files("results/s"), root.Files("results/s"));
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    // models/golden -> latest -> snapshots/1, whose files are links to ../../blobs, as a Hugging Face cache has them.
    static WorkRoot Linked(string cache)
    {
        WorkRoot root = Sweep();
        string snapshot = Directory.CreateDirectory(Path.Combine(cache, "snapshots", "1")).FullName,
            blobs = Directory.CreateDirectory(Path.Combine(cache, "blobs")).FullName;
        foreach (string file in Directory.GetFiles(root.Path("models/golden")))
        {
            string name = Path.GetFileName(file), blob = "sha-" + name;
            if (File.Exists(Path.Combine(blobs, blob))) continue;
            File.Move(file, Path.Combine(blobs, blob));
            File.CreateSymbolicLink(Path.Combine(snapshot, name), $"../../blobs/{blob}");
        }
        if (!Path.Exists(Path.Combine(cache, "latest"))) Directory.CreateSymbolicLink(Path.Combine(cache, "latest"), "snapshots/1");
        Directory.Delete(root.Path("models/golden"), recursive: true);
        Directory.CreateSymbolicLink(root.Path("models/golden"), Path.Combine(cache, "latest"));
        return root;
    }

    [Fact]
    public async Task A_checkpoint_that_cant_be_loaded_fails_the_job_with_the_list_of_dbatch_run()
    {
        const string job =
            """{ "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results/s", "sampler": { "steps": 2 } }""";
        using WorkRoot local = Sweep(), root = Sweep();
        foreach (WorkRoot broken in (WorkRoot[])[local, root])
            using (FileStream weights = File.OpenWrite(broken.Path("models/golden/model.safetensors")))
                weights.SetLength(weights.Length / 2);
        JobRow row = await RunAsync(root, job, workers: 1);
        Assert.Equal(JobState.Failed, row.State);
        Assert.Equal((await local.Run(job)).Problems, row.Problems);
    }

    static WorkRoot Sweep()
    {
        WorkRoot root = new WorkRoot().WithGoldenModel();
        root.WriteLines("data/in.jsonl",
            Enumerable.Range(0, 23)
                .Select(i => new
                {
                    id = $"i{i}",
                    promptIds = (int[])[0, .. Enumerable.Range(0, 3 + (i % 5)).Select(k => 20 + (((i * 7) + (k * 13)) % 80))],
                    length = 4 + (i % 9)
                }));
        return root;
    }

    static string Scores(WorkRoot root)
    {
        using var report = System.Text.Json.JsonDocument.Parse(File.ReadAllText(root.Path("reports/tiny/report.json")));
        return string.Join('\n', report.RootElement.GetProperty("cells").EnumerateArray()
            .Select(c => $"{c.GetProperty("cell")} {c.GetProperty("metrics")}"));
    }

    static async Task<JobRow> RunAsync(WorkRoot root, string manifest, int workers)
    {
        string temporary = Directory.CreateTempSubdirectory("dbatch-real-").FullName;
        try
        {
            await using ServiceProvider services = new ServiceCollection()
                .AddLogging()
                .AddDiffusionBatchPipeline(c => (c.Folder, c.Index) = (root.Folder, Path.Combine(temporary, "index.db")))
                .AddSingleton<IJobTasks, LocalTasks>(_ => new LocalTasks())
                .Configure<WorkerOptions>(o => (o.Folder, o.Poll) = (Path.Combine(temporary, "worker"), TimeSpan.FromMilliseconds(20)))
                .BuildServiceProvider();
            SubmitResult submitted = await services.GetRequiredService<JobService>()
                .SubmitAsync(new SubmitRequest(Encoding.UTF8.GetBytes(manifest)), default);
            Assert.Empty(submitted.Problems);
            var index = services.GetRequiredService<IPipelineIndex>();
            using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            Task[] running = [.. Enumerable.Range(0, workers)
                .Select(_ => Task.Run(() => ActivatorUtilities.CreateInstance<Worker>(services, new LocalTasks()).RunAsync(stop.Token)))];
            IWorkQueue control = services.GetRequiredService<PipelineQueues>().Control;
            JobRow row;
            while (!(row = (await index.Jobs.GetAsync(submitted.Outcome!.Job.Id, stop.Token))!).State.IsFinal())
            {
                foreach (WorkMessage message in await control.ReceiveAsync(1, TimeSpan.FromMinutes(1), stop.Token))
                {
                    await services.GetRequiredService<ControlHandler>().HandleAsync(message.Body, stop.Token);
                    await control.DeleteAsync(message, stop.Token);
                }
                await services.GetRequiredService<Reconciler>().RunOnceAsync(stop.Token);
                await Task.Delay(20, stop.Token);
            }
            await stop.CancelAsync();
            await Task.WhenAll(running);
            return row;
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }
}
