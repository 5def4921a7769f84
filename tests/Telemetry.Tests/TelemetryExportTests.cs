using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DiffusionBatch.Telemetry.Tests;

/// <summary>What is exported is what the settings ask for.</summary>
public sealed class TelemetryExportTests
{
    const string Nowhere = "http://127.0.0.1:9";

    static ServiceProvider? Services(params (string Name, string Value)[] settings)
    {
        IConfiguration configuration =
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        if (services.AddDiffusionBatchTelemetry(configuration, "test")) return services.BuildServiceProvider();
        Assert.Single(services);
        return null;
    }

    [Fact]
    public void Where_nothing_is_set_nothing_is_registered()
    {
        Assert.Null(Services());
        Assert.Null(Services(("OTEL_EXPORTER_OTLP_ENDPOINT", "")));
        Assert.Null(Services(("OTEL_EXPORTER_OTLP_ENDPOINT", Nowhere), ("OTEL_SDK_DISABLED", "true")));
        Assert.False(new System.Diagnostics.ActivitySource(Pipeline.Telemetry.Spans.SourceName).HasListeners());
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", Nowhere)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", Nowhere)]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING",
        "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=" + Nowhere)]
    public void Each_address_brings_all_three_signals(string name, string value)
    {
        using ServiceProvider services = Services((name, value))!;
        Assert.NotNull(services.GetService<TracerProvider>());
        Assert.NotNull(services.GetService<MeterProvider>());
        Assert.NotNull(services.GetService<LoggerProvider>());
    }

    [Fact]
    public void An_identity_signs_in_to_Azure_Monitor_where_it_is_told_to()
    {
        Assert.Null(TelemetryExport.CredentialOf(null));
        Assert.Null(TelemetryExport.CredentialOf("ClientId=5b5e0b4c-2b6e-4d5f-8a59-0f7d0c3a2c11"));
        Assert.IsType<ManagedIdentityCredential>(TelemetryExport.CredentialOf("Authorization=AAD"));
        Assert.IsType<ManagedIdentityCredential>(
            TelemetryExport.CredentialOf("ClientId=5b5e0b4c-2b6e-4d5f-8a59-0f7d0c3a2c11;Authorization=AAD"));
    }
}
