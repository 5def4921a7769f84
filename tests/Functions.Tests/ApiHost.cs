using System.Net;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Tests;

/// <summary>The function app in this process on a free port: blobs in a folder, queues in memory, the index in SQLite; or all but the index in Azurite.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    readonly string _folder;
    readonly WebApplication _app;

    ApiHost(string folder, WebApplication app)
    {
        (_folder, _app) = (folder, app);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public IPipelineIndex Index => _app.Services.GetRequiredService<IPipelineIndex>();

    public IBlobStore Store => _app.Services.GetRequiredService<IBlobStore>();

    /// <summary>Starts one.</summary>
    /// <param name="azurite">Azurite's connection string, or null: a folder and queues in memory.</param>
    /// <param name="settings">The app's settings.</param>
    public static async Task<ApiHost> StartAsync(string? azurite = null, params (string Name, string Value)[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-api-").FullName;
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Configuration["Pipeline:Index"] = Path.Combine(folder, "index.db");
        if (azurite is null)
        {
            builder.Configuration["Pipeline:Folder"] = Path.Combine(folder, "root");
            builder.Configuration["AzureWebJobs.Control.Disabled"] = "true";
        }
        else
        {
            builder.Configuration["AzureWebJobsStorage"] = azurite;
            builder.Configuration["Pipeline:Container"] = "c" + Guid.NewGuid().ToString("N");
        }
        foreach (var (name, value) in settings) builder.Configuration[name] = value;
        builder.Logging.ClearProviders();
        builder.ConfigureFunctionsWebApplication();
        FunctionApp.Configure(builder);
        WebApplication app = builder.Build(typeof(FunctionApp).Assembly.GetTypes());
        await app.StartAsync();
        return new ApiHost(folder, app);
    }

    /// <summary>Handles the control messages that lie in the queue in memory.</summary>
    public async Task PumpAsync()
    {
        IWorkQueue queue = _app.Services.GetRequiredService<PipelineQueues>().Control;
        while (await queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), default) is { Count: > 0 } messages)
        {
            foreach (WorkMessage message in messages)
            {
                await _app.Services.GetRequiredService<ControlHandler>().HandleAsync(message.Body, default);
                await queue.DeleteAsync(message, default);
            }
        }
    }

    public async Task WriteAsync(string name, string text) =>
        Assert.True((await Store.WriteAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(text)), BlobCondition.None, default)).Succeeded);

    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, string? type = null, params (string Name, string Value)[] headers)
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
        Assert.Equal(((int)status, type), (problem.Status, problem.Type.Replace("urn:diffusionbatch:problem:", "", StringComparison.Ordinal)));
        Assert.NotEmpty(problem.Title);
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
