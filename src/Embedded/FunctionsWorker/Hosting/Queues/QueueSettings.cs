using System.Globalization;
using System.Text.Json;

namespace Microsoft.Azure.Functions.Worker.Hosting.Queues;

/// <summary>How queues are listened to: <c>extensions.queues</c> of host.json, with Functions' defaults.</summary>
internal sealed record QueueSettings
{
    /// <summary>How many messages are received at once, 1 to 32.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>More are received once as few as this are being worked on; half of the batch by default.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>After how many deliveries a message goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message rests after a failure before it is tried again.</summary>
    public TimeSpan VisibilityTimeout { get; init; }

    /// <summary>The longest pause between two looks at an empty queue.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether bodies are in Base64 (<c>messageEncoding</c>).</summary>
    public bool IsBase64 { get; init; } = true;

    /// <summary>Reads them.</summary>
    public static QueueSettings Read(JsonElement? queues)
    {
        var settings = new QueueSettings();
        if (HostFile.Member(queues, "batchSize") is { } size) settings = settings with { BatchSize = Within(size, "batchSize", 1, 32), NewBatchThreshold = size.GetInt32() / 2 };
        if (HostFile.Member(queues, "newBatchThreshold") is { } threshold) settings = settings with { NewBatchThreshold = Within(threshold, "newBatchThreshold", 0, 1000) };
        if (HostFile.Member(queues, "maxDequeueCount") is { } count) settings = settings with { MaxDequeueCount = Within(count, "maxDequeueCount", 1, int.MaxValue) };
        if (HostFile.Member(queues, "visibilityTimeout") is { } rest) settings = settings with { VisibilityTimeout = Time(rest, "visibilityTimeout", TimeSpan.Zero) };
        if (HostFile.Member(queues, "maxPollingInterval") is { } pause) settings = settings with { MaxPollingInterval = Time(pause, "maxPollingInterval", TimeSpan.FromMilliseconds(100)) };
        if (HostFile.Member(queues, "messageEncoding") is { } encoding)
        {
            settings = settings with
            {
                IsBase64 = encoding.GetString()?.ToLowerInvariant() switch
                {
                    "base64" => true,
                    "none" => false,
                    var other => throw new FormatException($"extensions.queues.messageEncoding is \"{other}\"; use \"base64\" or \"none\"."),
                },
            };
        }
        return settings;
    }

    static int Within(JsonElement value, string name, int low, int high) =>
        value.GetInt32() is var number && number >= low && number <= high ? number : throw new FormatException($"extensions.queues.{name} is {number}; it goes from {low} to {high}.");

    static TimeSpan Time(JsonElement value, string name, TimeSpan low) =>
        TimeSpan.TryParse(value.GetString(), CultureInfo.InvariantCulture, out TimeSpan time) && time >= low && time <= TimeSpan.FromDays(7)
            ? time : throw new FormatException($"extensions.queues.{name} is \"{value}\"; use hh:mm:ss, at least {low} and at most 7 days.");
}
