namespace DiffusionBatch.Cli.Local;

/// <summary>Where the API and the workers send traces, metrics and logs by OTLP.</summary>
/// <param name="Url">The collector's address.</param>
internal sealed record OtlpTarget(Uri Url)
{
    /// <summary>Where a collector of this machine listens, as OTLP has it.</summary>
    public const string DefaultUrl = "http://127.0.0.1:4317";

    // OTLP's own ports: 4317 for gRPC, 4318 for HTTP.
    const int HttpPort = 4318;

    const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>OpenTelemetry's settings that say so.</summary>
    public Dictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url.ToString() };
            if (Url.Port == HttpPort && Environment.GetEnvironmentVariable(Protocol) is null) settings[Protocol] = "http/protobuf";
            return settings;
        }
    }
}
