using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Infra.Tests.Running;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Reconciling;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;
using DiffusionBatch.Pipeline.Submitting;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>The worker that the image holds works by itself: from its folder, by a managed identity, to a model.</summary>
public sealed class PublishedWorkerTests(PublishedImages images) : IDisposable
{
    const string Identity = "5b5e0b4c-2b6e-4d5f-8a59-0f7d0c3a2c11";

    const string Manifest = """
        { "kind": "finetune", "name": "tiny", "output": "models/tiny",
          "model": { "new": { "hiddenSize": 32, "layers": 1, "heads": 2, "feedForwardSize": 64, "maxPositions": 48, "dropout": 0.1 },
                     "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
          "data": { "train": "data/train.jsonl", "maxLength": 40 }, "training": { "steps": 4, "batchTokens": 128, "checkpointEvery": 2 } }
        """;

    readonly string _home = Directory.CreateTempSubdirectory("dbatch-home-").FullName;

    [Fact]
    public async Task The_published_folder_holds_all_that_it_needs_for_its_system_and_no_links()
    {
        string app = await images.MakeAsync(images.Worker);
        FileInfo[] files = [.. new DirectoryInfo(app).EnumerateFiles("*", SearchOption.AllDirectories)];
        Assert.All(files, f => Assert.Null(f.LinkTarget));
        FileInfo libtorch = Assert.Single(files, f => f.Name == "libtorch_cpu.so");
        Assert.True(libtorch.Length > 100 << 20, $"{libtorch.Length} bytes");
        // Other systems' natives would lie in folders of their own, or end otherwise.
        Assert.All(files, f => Assert.Equal(app, f.DirectoryName));
        Assert.Contains(files, f => f.Name == "libLibTorchSharp.so");
        Assert.DoesNotContain(files, f => f.Extension is ".dylib" or ".exe");
    }

    [Fact]
    public async Task It_signs_in_by_a_managed_identity_makes_a_model_and_stops_when_told()
    {
        await using SecureAzurite azurite = await SecureAzurite.StartAsync(_home);
        using var tokens = new TokenEndpoint();
        string index = Path.Combine(_home, "index.db");
        var settings = new Dictionary<string, string>(tokens.Environment)
        {
            ["Pipeline__Storage"] = azurite.Blobs,
            ["Pipeline__Queues"] = azurite.Queues,
            ["Pipeline__Identity"] = Identity,
            ["Pipeline__Index"] = index,
            ["SSL_CERT_FILE"] = azurite.Certificate,
        };
        await using RunningProgram process = await images.StartWorkerAsync(_home, settings);
        await process.SaysAsync("takes tasks");

        JobRow job = await RunAsync(azurite, index, process);
        Assert.True(job.State == JobState.Completed, $"{job.State} {job.Error}\n{process.Output}");
        Assert.True((await azurite.Container("dbatch").GetBlobClient("models/tiny/model.safetensors").ExistsAsync()).Value);
        Assert.NotEmpty(tokens.Asked);
        Assert.All(tokens.Asked, a => Assert.Equal((Identity, "https://storage.azure.com"), (a.Client, a.Resource?.TrimEnd('/'))));

        string[] mapped = [.. File.ReadLines($"/proc/{process.Id}/maps")
            .Select(l => l.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? l[at..] : "").Distinct()];
        string app = await images.MakeAsync(images.Worker);
        Assert.Contains(Path.Combine(app, "libtorch_cpu.so"), mapped);
        Assert.DoesNotContain(mapped, m => m.StartsWith(SharedData.RepositoryRoot, StringComparison.Ordinal)
            || m.Contains("/.nuget/", StringComparison.Ordinal));

        process.Signal("TERM");
        int code = await process.EndAsync();
        Assert.True(code == 0, $"It ended with {code}:\n{process.Output}");
        Assert.Contains("has stopped", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_on_the_allocator_that_the_image_brings()
    {
        if (PublishedImages.Jemalloc is null) Machine.Lacks("jemalloc isn't installed: on Debian, \"apt-get install libjemalloc2\".");
        string nowhere = $"http://127.0.0.1:{Machine.FreePort()}/a";
        await using RunningProgram process = await images.StartWorkerAsync(_home, new Dictionary<string, string>
        {
            ["Pipeline__Storage"] = $"AccountName=a;AccountKey=YQ==;BlobEndpoint={nowhere};QueueEndpoint={nowhere};",
            ["Pipeline__Index"] = Path.Combine(_home, "index.db"),
        });
        await WaitAsync(() => File.ReadAllText($"/proc/{process.Id}/maps").Contains(PublishedImages.Jemalloc!, StringComparison.Ordinal),
            process);
    }

    [Fact]
    public async Task Docker_s_probe_finds_it_alive_and_nothing_where_it_isn_t()
    {
        string nowhere = $"http://127.0.0.1:{Machine.FreePort()}/a", port = $"{Machine.FreePort()}";
        await using RunningProgram process = await images.StartWorkerAsync(_home, new Dictionary<string, string>
        {
            ["Pipeline__Storage"] = $"AccountName=a;AccountKey=YQ==;BlobEndpoint={nowhere};QueueEndpoint={nowhere};",
            ["Pipeline__Index"] = Path.Combine(_home, "index.db"),
            ["Worker__HealthPort"] = port,
        });
        string probe = images.Worker.Image.Single(i => i.Name == "HEALTHCHECK").Text;
        string[] words =
            System.Text.Json.JsonSerializer.Deserialize<string[]>(probe[(probe.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!;
        async Task<int> ProbeAsync(string at) =>
            (await RunningProgram.RunAsync(_home, words, new Dictionary<string, string> { ["Worker__HealthPort"] = at })).Code;
        await WaitAsync(async () => await ProbeAsync(port) == 0, process);
        Assert.NotEqual(0, await ProbeAsync($"{Machine.FreePort()}"));
        using var client = new HttpClient();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"))).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/"))).StatusCode);
    }

    [Fact]
    public async Task It_says_what_its_settings_lack()
    {
        await using RunningProgram process = await images.StartWorkerAsync(_home, new Dictionary<string, string>());
        Assert.Equal(2, await process.EndAsync());
        Assert.Contains("Give either Storage", process.Output, StringComparison.Ordinal);
        Assert.Contains("Give Index", process.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    /// <summary>Does the API's part: takes the job in, plans it, and waits for its end.</summary>
    static async Task<JobRow> RunAsync(SecureAzurite azurite, string index, RunningProgram worker)
    {
        var store = new AzureBlobStore(azurite.Container("dbatch"));
        await using ServiceProvider services = new ServiceCollection().AddLogging()
            .AddDiffusionBatchPipeline(c => (c.Storage, c.Queues, c.Index) = (azurite.Blobs, azurite.Queues, index))
            .AddSingleton<IBlobStore>(store)
            .AddSingleton(PipelineQueues.Of(name => new AzureWorkQueue(azurite.Queue(name))))
            .BuildServiceProvider();
        string[] words = ["red", "blue", "green", "small", "large", "house", "tree"];
        string pairs = string.Concat(Enumerable.Range(0, 40)
            .Select(i => $$"""{"id":"p{{i}}","source":"{{words[i % 7]}} {{words[i * 3 % 7]}}","target":"{{words[i * 3 % 7]}}"}""" + "\n"));
        await store.WriteAsync("data/train.jsonl", new MemoryStream(Encoding.UTF8.GetBytes(pairs)), BlobCondition.None, default);
        SubmitResult submitted = await services.GetRequiredService<JobService>()
            .SubmitAsync(new SubmitRequest(Encoding.UTF8.GetBytes(Manifest)), default);
        Assert.Empty(submitted.Problems);
        var jobs = services.GetRequiredService<IJobIndex>();
        IWorkQueue control = services.GetRequiredService<PipelineQueues>().Control;
        JobRow? row = null;
        await WaitAsync(async () =>
        {
            foreach (WorkMessage message in await control.ReceiveAsync(1, TimeSpan.FromMinutes(1), default))
            {
                await services.GetRequiredService<ControlHandler>().HandleAsync(message.Body, default);
                await control.DeleteAsync(message, default);
            }
            await services.GetRequiredService<Reconciler>().RunOnceAsync(default);
            return (row = await jobs.GetAsync(submitted.Outcome!.Job.Id))!.State.IsFinal();
        }, worker);
        return row!;
    }

    static Task WaitAsync(Func<bool> condition, RunningProgram process) => WaitAsync(() => Task.FromResult(condition()), process);

    static async Task WaitAsync(Func<Task<bool>> condition, RunningProgram process)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!await condition())
        {
            Assert.False(process.HasEnded, process.Output);
            Assert.False(limit.IsCancellationRequested, process.Output);
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
