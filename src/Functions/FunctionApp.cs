using DiffusionBatch.Functions.Access;
using DiffusionBatch.Functions.Files;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Routes;
using DiffusionBatch.Functions.Upkeep;
using DiffusionBatch.Functions.Webhooks;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Telemetry;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace DiffusionBatch.Functions;

/// <summary>Puts the function app together.</summary>
public static class FunctionApp
{
    // Kestrel counts what frames the pieces of a body whose length isn't told, too; functions count the body itself.
    const long FramingBytes = 1 << 20;

    /// <summary>
    /// Registers the worker with its HTTP server, and what the functions need. Settings: <c>AzureWebJobsStorage</c>, the storage account
    /// (<see cref="FunctionsStorage"/>); <c>Pipeline:Index</c>, <c>Pipeline:IndexByIdentity</c> and <c>Pipeline:Container</c>
    /// (<see cref="PipelineConnection"/>); <c>Files:MaxBytes</c>; <c>OpenAi:MaxFileBytes</c> and <c>OpenAi:MaxRequests</c>
    /// (<see cref="OpenAiLimits"/>); <c>FunctionKeys:NAME</c> and <c>MasterKey</c> (<see cref="ConfiguredKeys"/>); <c>RetentionDays</c>;
    /// <c>Webhooks:AllowPrivate</c>; <c>Access:AdminKey</c> (<see cref="AccessSettings"/>) and <c>Access:Entra:...</c>
    /// (<see cref="EntraSettings"/>).
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong.</exception>
    public static void Configure(FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseMiddleware<InvocationMiddleware>();
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<ProblemMiddleware>();
        builder.UseMiddleware<AccessMiddleware>();
        builder.Logging.AddFilter(InvocationMiddleware.WorkersLog, LogLevel.None);
        AddTelemetry(builder);
        FileLimits limits = FileLimits.Of(builder.Configuration);
        var uploads = new OpenAiLimits();
        builder.Configuration.GetSection("OpenAi").Bind(uploads);
        builder.Services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize =
                Math.Min(Math.Max(limits.MaxBytes, Math.Max(uploads.MaxFileBytes, ManifestBody.MaxBytes)), long.MaxValue - FramingBytes)
                    + FramingBytes;
            // How slow a client may be is decided by the host in front of the app.
            server.Limits.MinRequestBodyDataRate = null;
            server.Limits.MinResponseDataRate = null;
        });
        DropKeyRing(builder.Services);
        builder.Services.AddSingleton(WebhookSettings.Of(builder.Configuration));
        builder.Services.AddDiffusionBatchPipeline(connection =>
        {
            builder.Configuration.GetSection("Pipeline").Bind(connection);
            if (string.IsNullOrEmpty(connection.Folder)) FunctionsStorage.Fill(connection, builder.Configuration);
        });
        builder.Services.AddSingleton(limits);
        builder.Services.AddSingleton(uploads);
        AccessSettings access = AccessSettings.Of(builder.Configuration);
        builder.Services.AddSingleton(access);
        if (access.AsksItself) OpenDoors.Install(builder.Services);
        if (access.Entra is { } entra)
        {
            builder.Services.AddSingleton(entra);
            builder.Services.AddSingleton<EntraTokens>();
        }
        builder.Services.AddSingleton<ConfiguredKeys>();
        builder.Services.AddSingleton<Doorkeeper>();
        builder.Services.AddScoped<CurrentCaller>();
        // What a request has of the pipeline is its caller's.
        builder.Services.AddScoped(p => p.GetRequiredService<TenantPipelines>().Of(p.GetRequiredService<CurrentCaller>().Caller.Tenant));
        builder.Services.AddScoped<JobViews>();
        builder.Services.AddSingleton<RouteTable>();
        builder.Services.AddSingleton(Retention.Of(builder.Configuration));
    }

    // The host's side: what calls a function is the parent of what the function does, here and in the host.
    static void AddTelemetry(FunctionsApplicationBuilder builder) =>
        builder.Services.AddDiffusionBatchTelemetry(builder.Configuration, "dbatch-api", host =>
        {
            host.UseFunctionsWorkerDefaults();
            host.WithTracing(tracing => tracing.AddProcessor(new IdleTimers()));
        });

    // The worker's HTTP integration brings MVC, and that a ring of keys, which a service writes to the home folder at start with
    // warnings about it. Nothing here protects anything by them.
    static void DropKeyRing(IServiceCollection services)
    {
        IEnumerable<ServiceDescriptor> loaders = services.Where(
            s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly == typeof(DataProtectionOptions).Assembly);
        foreach (ServiceDescriptor loader in loaders.ToArray()) services.Remove(loader);
    }
}
