using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.LocalHost;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Functions.Tests;

/// <summary>
/// The function app as it is deployed, its worker a process of its own behind the host of a laptop. Its blobs are in a folder, its
/// index in SQLite, and nothing happens by itself (no timers, no queues); or blobs and queues are in Azurite and all goes on.
/// The test looks into the same folder, storage and index from outside.
/// </summary>
internal sealed class ApiHost : IAsyncDisposable
{
    static readonly string[] s_byThemselves = ["Control", "Relay", "Schedule", "Webhooks", "Save", "Reconcile", "Retain", "OpenAiWork"];

    static readonly string[] s_complaints = [" warn: ", " fail: ", " crit: "];

    static int s_names;

    readonly string _folder;
    readonly FunctionsHost _host;
    readonly ServiceProvider _outside;
    readonly ConcurrentQueue<string> _log;
    bool _stopped;

    ApiHost(string folder, FunctionsHost host, ServiceProvider outside, ConcurrentQueue<string> log)
    {
        (_folder, _host, _outside, _log) = (folder, host, outside, log);
        Client = new HttpClient { BaseAddress = host.Url };
    }

    public HttpClient Client { get; }

    /// <summary>The folder that is the storage root, where no Azurite is.</summary>
    public string Root => Path.Combine(_folder, "root");

    /// <summary>The number of the worker process.</summary>
    public int? WorkerProcessId => _host.WorkerProcessId;

    public IPipelineIndex Index => _outside.GetRequiredService<IPipelineIndex>();

    public IBlobStore Store => _outside.GetRequiredService<IBlobStore>();

    /// <summary>What host and app have logged.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Lines of the log that warn or tell of failures.</summary>
    public string Complaints =>
        string.Join('\n', _log.Where(line => s_complaints.Any(level => line.Contains(level, StringComparison.Ordinal))));

    /// <summary>Starts one.</summary>
    /// <param name="azurite">Azurite's connection string, or null: a folder, and nothing by itself.</param>
    /// <param name="settings">The app's settings.</param>
    public static Task<ApiHost> StartAsync(string? azurite = null, params (string Name, string Value)[] settings) =>
        StartAsync(azurite, TimeProvider.System, settings);

    /// <summary>Starts one, with the clock that its host goes by.</summary>
    public static async Task<ApiHost> StartAsync(string? azurite, TimeProvider time, params (string Name, string Value)[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-api-").FullName;
        string index = Path.Combine(folder, "index.db"), root = Path.Combine(folder, "root"), container = "c" + Guid.NewGuid()
            .ToString("N");
        var all = new Dictionary<string, string> { ["Pipeline__Index"] = index };
        if (azurite is null)
        {
            all["Pipeline__Folder"] = root;
            foreach (string function in s_byThemselves) all[$"AzureWebJobs.{function}.Disabled"] = "true";
        }
        else
        {
            all["AzureWebJobsStorage"] = azurite;
            all["Pipeline__Container"] = container;
        }
        foreach (var (name, value) in settings) all[name] = value;
        var log = new ConcurrentQueue<string>();
        ServiceProvider outside = new ServiceCollection().AddLogging().AddDiffusionBatchPipeline(c =>
        {
            (c.Index, c.Container) = (all["Pipeline__Index"], container);
            if (azurite is null) c.Folder = root;
            else c.Storage = azurite;
        }).BuildServiceProvider();
        FunctionsHost host =
            await FunctionsHost.StartAsync(new FunctionsHostOptions(AppContext.BaseDirectory)
            {
                Settings = all,
                Log = log.Enqueue,
                Time = time
            }, TestContext.Current.CancellationToken);
        return new ApiHost(folder, host, outside, log);
    }

    /// <summary>A name that no other test has.</summary>
    public static string NewName() => $"t{Interlocked.Increment(ref s_names)}";

    /// <summary>Plans a job, as the message of the control queue asks.</summary>
    public Task PlanAsync(string job) => HandleAsync(OutboxKind.Plan, job);

    /// <summary>Ends a job that nothing is left to do for.</summary>
    public Task FinalizeAsync(string job) => HandleAsync(OutboxKind.Finalize, job);

    public async Task WriteAsync(string name, string text) =>
        Assert.True((await Store.WriteAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(text)), BlobCondition.None, default)).Succeeded);

    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, string? type = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> SubmitAsync(string manifest, string query = "", string? key = null) =>
        SendAsync("POST", "/api/jobs" + query, manifest, "application/json", key is null ? [] : [("Idempotency-Key", key)]);

    /// <summary>The job that an answer shows.</summary>
    public static async Task<JobView> JobAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize(text, ApiJson.Default.JobView)!;
    }

    public async Task<JobView> GetAsync(string id) => await JobAsync(await SendAsync("GET", $"/api/jobs/{id}"), HttpStatusCode.OK);

    /// <summary>The problem that an answer is, of a type and a status.</summary>
    public static async Task<ApiProblem> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        ApiProblem problem = JsonSerializer.Deserialize(text, ApiJson.Default.ApiProblem)!;
        Assert.Equal(((int)status, type),
            (problem.Status, problem.Type.Replace("urn:diffusionbatch:problem:", "", StringComparison.Ordinal)));
        Assert.NotEmpty(problem.Title);
        return problem;
    }

    /// <summary>Waits for a line of the log.</summary>
    public Task LogsAsync(string what) =>
        UntilAsync(() => Task.FromResult(_log.Any(line => line.Contains(what, StringComparison.Ordinal))),
            () => $"\"{what}\" isn't in the log:\n{string.Join('\n', _log)}");

    /// <summary>Waits for something that comes about elsewhere.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string> what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            Assert.False(patience.IsCancellationRequested, what());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Stops host and app; returns once their processes have ended.</summary>
    public async Task StopAsync()
    {
        if (!_stopped) await _host.DisposeAsync();
        _stopped = true;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _outside.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    Task HandleAsync(OutboxKind kind, string job) => _outside.GetRequiredService<ControlHandler>()
        .HandleAsync(new PipelineMessage(kind, job).ToBody(), TestContext.Current.CancellationToken);
}
