using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Hosting;

/// <summary>Web servers inside this process. They read no settings and heed no signals; their owner does.</summary>
internal static class PlainServer
{
    /// <summary>A builder of one with Kestrel and routing.</summary>
    public static WebApplicationBuilder CreateBuilder(ILoggerFactory logs)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, OwnersLifetime>());
        return builder;
    }

    /// <summary>Stops it; what still goes on after the grace is cut off.</summary>
    public static async ValueTask StopAsync(WebApplication app, TimeSpan grace)
    {
        using var limit = new CancellationTokenSource(grace);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }

    sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
