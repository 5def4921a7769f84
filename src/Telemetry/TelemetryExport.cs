using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using DiffusionBatch.Pipeline.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace DiffusionBatch.Telemetry;

/// <summary>
/// Sends spans, metrics and logs of a process where the usual settings say: by OTLP (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the others of
/// OpenTelemetry's specification) and to Azure Monitor (<c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>). Where none of them is set nothing is
/// registered, so that nothing is made and nothing is slowed.
/// </summary>
public static class TelemetryExport
{
    const string Otlp = "OTEL_EXPORTER_OTLP_ENDPOINT", Disabled = "OTEL_SDK_DISABLED";
    const string Monitor = "APPLICATIONINSIGHTS_CONNECTION_STRING", MonitorIdentity = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    static readonly string[] s_otlp =
        [Otlp, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"];

    /// <summary>Registers what the settings ask for.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="service">The service's name; <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> come before it.</param>
    /// <param name="host">Adds what the host of the process brings; what is said here comes after it, and exporters last.</param>
    /// <returns>Whether anything is exported.</returns>
    public static bool AddDiffusionBatchTelemetry(
        this IServiceCollection services, IConfiguration configuration, string service, Action<OpenTelemetryBuilder>? host = null)
    {
        bool otlp = s_otlp.Any(name => !string.IsNullOrEmpty(configuration[name])), monitor = !string.IsNullOrEmpty(configuration[Monitor]);
        bool disabled = string.Equals(configuration[Disabled], "true", StringComparison.OrdinalIgnoreCase);
        if (disabled || !(otlp || monitor)) return false;
        OpenTelemetryBuilder builder = services.AddOpenTelemetry();
        host?.Invoke(builder);
        builder
            .ConfigureResource(resource => resource
                .AddService(service, serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3))
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(Spans.SourceName))
            .WithMetrics(metrics => metrics.AddMeter(PipelineMetrics.MeterName))
            .WithLogging(logging => logging.AddProcessor(new LogAttributes()));
        services.Configure<OpenTelemetryLoggerOptions>(logs => (logs.IncludeFormattedMessage, logs.IncludeScopes) = (true, false));
        // What is exported by HTTP and gRPC isn't worth a line of its own, at every export.
        services.Configure<LoggerFilterOptions>(logs => logs.AddFilter("System.Net.Http.HttpClient.Otlp", LogLevel.Warning));
        if (otlp) builder.UseOtlpExporter();
        if (monitor)
        {
            builder.UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = configuration[Monitor];
                options.Credential = CredentialOf(configuration[MonitorIdentity]);
            });
        }
        return true;
    }

    /// <summary>
    /// Who signs in to Application Insights, as Azure Functions has it: <c>Authorization=AAD</c>, with <c>ClientId</c> for a user-assigned
    /// identity.
    /// </summary>
    /// <param name="authentication">The setting, or null.</param>
    /// <returns>Null where the connection string is enough.</returns>
    internal static TokenCredential? CredentialOf(string? authentication)
    {
        Dictionary<string, string> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (part.Split('=', 2) is [var name, var value]) parts[name] = value;
        if (!string.Equals(parts.GetValueOrDefault("Authorization"), "AAD", StringComparison.OrdinalIgnoreCase)) return null;
        return new ManagedIdentityCredential(parts.GetValueOrDefault("ClientId") is { Length: > 0 } client
            ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned);
    }
}
