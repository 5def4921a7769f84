using System.Globalization;
using DiffusionBatch.Pipeline.Working;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.GpuWorker.Hosting;

/// <summary>
/// Answers a platform's probes: <c>/health/live</c> with 200 as long as the process gets to answering, <c>/health/ready</c> with 200 while
/// it takes tasks and with 503 before that and once it was told to stop. Nothing else is told.
/// </summary>
internal sealed class HealthService(IOptions<WorkerOptions> options, IHostApplicationLifetime host) : IHostedService, IAsyncDisposable
{
    WebApplication? _app;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.HealthPort is not (> 0 and var port)) return;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false)
            .UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://*:{port}"));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(Answer);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            string why = string.Create(CultureInfo.InvariantCulture, $"HealthPort {port} can't be opened: {e.Message}");
            throw new OptionsValidationException("Worker", typeof(WorkerOptions), [why]);
        }
    }

    /// <inheritdoc/>
    // It answers until the process ends: a worker that gives back its tasks is alive.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? default;

    Task Answer(HttpContext context)
    {
        bool works = host.ApplicationStarted.IsCancellationRequested && !host.ApplicationStopping.IsCancellationRequested;
        context.Response.StatusCode = context.Request.Path.Value switch
        {
            "/health/live" => StatusCodes.Status200OK,
            "/health/ready" => works ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status404NotFound,
        };
        return Task.CompletedTask;
    }
}
