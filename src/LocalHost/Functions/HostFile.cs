using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.LocalHost.Functions;

/// <summary>
/// The app's host.json, with Functions' defaults; settings named <c>AzureFunctionsJobHost__A__B</c> replace its value A.B.
/// </summary>
internal sealed record HostFile
{
    /// <summary>What stands before all routes; may be empty.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>How many requests run at once, and how many more wait; null: any number.</summary>
    public (int? Concurrent, int? Outstanding) Requests { get; init; }

    /// <summary>Headers that each answer gets.</summary>
    public IReadOnlyDictionary<string, string> CustomHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a function may run; null: for ever.</summary>
    public TimeSpan? FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How queues are listened to.</summary>
    public QueueSettings Queues { get; init; } = new();

    /// <summary><c>logging</c>: what is logged.</summary>
    public IConfiguration? Logging { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="FunctionsHostException">There is none, or a value is of the wrong kind or out of its range.</exception>
    public static HostFile Read(string path, IConfiguration settings)
    {
        if (!File.Exists(path)) throw new FunctionsHostException($"There is no {path}: the folder is no built function app.");
        try
        {
            IConfiguration file = new ConfigurationBuilder().AddJsonFile(path)
                .AddConfiguration(settings.GetSection("AzureFunctionsJobHost")).Build();
            IConfigurationSection http = file.GetSection("extensions:http");
            int concurrent = Whole(http, "maxConcurrentRequests", -1) ?? -1, outstanding = Whole(http, "maxOutstandingRequests", -1) ?? -1;
            return new HostFile
            {
                RoutePrefix = (http["routePrefix"] ?? "api").Trim('/'),
                Requests = (concurrent <= 0 ? null : concurrent, outstanding <= 0 ? null : outstanding),
                CustomHeaders = http.GetSection("customHeaders").GetChildren().ToDictionary(h => h.Key, h => h.Value ?? ""),
                FunctionTimeout = file["functionTimeout"] switch
                {
                    null => new HostFile().FunctionTimeout,
                    "-1" => null,
                    _ => Time(file, "functionTimeout", TimeSpan.FromSeconds(1)),
                },
                Logging = file.GetSection("logging"),
                Queues = QueueSettings.Read(file.GetSection("extensions:queues")),
            };
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new FunctionsHostException($"{path}: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <summary>A whole number of a section; null where it says none.</summary>
    /// <exception cref="FormatException">It is none, or out of its range.</exception>
    internal static int? Whole(IConfiguration section, string name, int low, int high = int.MaxValue) =>
        section[name] is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= low && number <= high
        ? number
        : throw new FormatException($"{name} is \"{text}\"; it is a whole number from {low} to {high}.");

    /// <summary>A time of a section.</summary>
    /// <exception cref="FormatException">It is none, or out of its range.</exception>
    internal static TimeSpan? Time(IConfiguration section, string name, TimeSpan low) => section[name] is not { } text ? null
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) && time >= low && time <= TimeSpan.FromDays(7) ? time
        : throw new FormatException($"{name} is \"{text}\"; it is hh:mm:ss, at least {low} and at most 7 days.");
}

/// <summary>How queues are listened to: <c>extensions.queues</c> of host.json.</summary>
internal sealed record QueueSettings
{
    /// <summary>How many messages are received at once, 1 to 32.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>More are received once no more than this are being worked on; by default half of the batch for each core.</summary>
    public int NewBatchThreshold { get; init; } = 8 * Environment.ProcessorCount;

    /// <summary>After how many deliveries a message goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message rests after a failure before it is tried again.</summary>
    public TimeSpan VisibilityTimeout { get; init; }

    /// <summary>The longest pause between two looks at an empty queue.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether bodies are in Base64.</summary>
    public bool IsBase64 { get; init; } = true;

    /// <summary>Reads them.</summary>
    /// <exception cref="FormatException">A value is of the wrong kind or out of its range.</exception>
    public static QueueSettings Read(IConfiguration section)
    {
        var standard = new QueueSettings();
        int size = HostFile.Whole(section, "batchSize", 1, 32) ?? standard.BatchSize;
        return new QueueSettings
        {
            BatchSize = size,
            NewBatchThreshold = HostFile.Whole(section, "newBatchThreshold", 0) ?? size / 2 * Environment.ProcessorCount,
            MaxDequeueCount = HostFile.Whole(section, "maxDequeueCount", 1) ?? standard.MaxDequeueCount,
            VisibilityTimeout = HostFile.Time(section, "visibilityTimeout", TimeSpan.Zero) ?? standard.VisibilityTimeout,
            MaxPollingInterval = HostFile.Time(section, "maxPollingInterval", TimeSpan.FromMilliseconds(100))
                ?? standard.MaxPollingInterval,
            IsBase64 = section["messageEncoding"]?.ToUpperInvariant() switch
            {
                null or "BASE64" => true,
                "NONE" => false,
                _ => throw new FormatException($"messageEncoding is \"{section["messageEncoding"]}\"; it is \"base64\" or \"none\"."),
            },
        };
    }
}
