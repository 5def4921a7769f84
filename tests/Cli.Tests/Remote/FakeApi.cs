using System.Collections.Concurrent;
using DiffusionBatch.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Cli.Tests.Remote;

/// <summary>An API that answers as a test says, and remembers what it was asked.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    readonly ConcurrentQueue<string> _asked = [];
    readonly WebApplication _app;

    FakeApi(WebApplication app) => _app = app;

    /// <summary>Method, path with query, and body of each request.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Where it listens.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>Starts one.</summary>
    /// <param name="answer">The status and the document for a method, path and query; null for none.</param>
    public static async Task<FakeApi> StartAsync(Func<string, (int Status, object? Body)> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new FakeApi(builder.Build());
        api._app.Run(context => api.AnswerAsync(context, answer));
        await api._app.StartAsync();
        return api;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerAsync(HttpContext context, Func<string, (int Status, object? Body)> answer)
    {
        using var reader = new StreamReader(context.Request.Body);
        string asked = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        _asked.Enqueue($"{asked} {await reader.ReadToEndAsync()}".TrimEnd());
        (context.Response.StatusCode, object? body) = answer(asked);
        if (body is not null)
            await context.Response.WriteAsync(System.Text.Json.JsonSerializer.Serialize(body, body.GetType(), ApiJson.All));
    }
}
