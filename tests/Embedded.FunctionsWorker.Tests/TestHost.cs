using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

/// <summary>A host of some function classes in this process, on a free port of the loopback address.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    readonly WebApplication _app;

    TestHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts one.</summary>
    public static async Task<TestHost> StartAsync(Type functions, Action<FunctionsApplicationBuilder>? configure = null, params (string Name, string Value)[] settings)
    {
        WebApplication app = Build(functions, configure, settings);
        await app.StartAsync();
        return new TestHost(app);
    }

    /// <summary>Builds one that isn't started.</summary>
    public static WebApplication Build(Type functions, Action<FunctionsApplicationBuilder>? configure = null, params (string Name, string Value)[] settings)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        foreach (var (name, value) in settings) builder.Configuration[name] = value;
        builder.Logging.ClearProviders();
        builder.ConfigureFunctionsWebApplication();
        configure?.Invoke(builder);
        return builder.Build([functions]);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
