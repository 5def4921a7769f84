using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DiffusionBatch.Pipeline.Telemetry;

/// <summary>
/// What the pipeline measures, by the names of OpenTelemetry's semantic conventions where these have one (<c>messaging.*</c>). Items and
/// tokens a second are the rates of their counters. Nobody listens by default, and then nothing is kept.
/// </summary>
public static class PipelineMetrics
{
    /// <summary>The meter's name, for whoever exports.</summary>
    public const string MeterName = "DiffusionBatch.Pipeline";

    /// <summary><c>messaging.system</c>: the conventions have no name of their own for Azure Storage's queues.</summary>
    internal const string MessagingSystem = "azure_storage_queues";

    const string Destination = "messaging.destination.name";

    // Figures of the queues that are older than that aren't told: another process looks now.
    static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(90);

    static readonly Meter s_meter = new(MeterName);

    static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400],
    };

    static readonly InstrumentAdvice<double> s_parts =
        new() { HistogramBucketBoundaries = [-0.75, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1, 2, 5, 10] };

    static readonly Counter<long> s_sent =
        s_meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages that the relay sent.");

    static readonly Counter<long> s_consumed =
        s_meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages that were received.");

    static readonly Histogram<double> s_processed = s_meter.CreateHistogram(
        "messaging.process.duration", "s", "From a message's receipt to the end of what it asked for.", advice: s_seconds);

    static readonly Histogram<double> s_waited = s_meter.CreateHistogram(
        "dbatch.queue.wait", "s", "From a message's sending to its first receipt.", advice: s_seconds);

    static readonly Counter<long> s_items = s_meter.CreateCounter<long>("dbatch.items", "{item}", "Results: an item in a cell.");

    static readonly Counter<long> s_tokens = s_meter.CreateCounter<long>("dbatch.tokens", "{token}", "Tokens of results.");

    static readonly Counter<long> s_passes = s_meter.CreateCounter<long>("dbatch.device.passes", "{pass}", "Forward passes of batches.");

    static readonly Counter<long> s_retries =
        s_meter.CreateCounter<long>("dbatch.task.retries", "{retry}", "Attempts that another follows.");

    static readonly Histogram<double> s_estimates = s_meter.CreateHistogram(
        "dbatch.job.estimate.error", "1",
        "How far a job's computing time was from its estimate, as a part of that: 0.5 is half as much again.", advice: s_parts);

    static readonly ObservableGauge<double> s_age = s_meter.CreateObservableGauge(
        "dbatch.queue.age", () => Fresh(f => f.Queues.Select(q => Of(q.Age.TotalSeconds, q.Queue))), "s",
        "For how long what waits longest in a queue has been due.");

    static Observed? s_observed;

    static PipelineMetrics()
    {
        s_meter.CreateObservableGauge(
            "dbatch.queue.length", () => Fresh(f => f.Queues.Select(q => Of(q.Length, q.Queue))), "{task}",
            "What is due in a queue and nobody holds.");
        s_meter.CreateObservableGauge(
            "dbatch.poison.length", () => Fresh<long>(f => [new Measurement<long>(f.Poison)]), "{task}",
            "Given-up tasks that nobody has dealt with.");
        s_meter.CreateObservableGauge(
            "dbatch.device.utilization", DeviceTime.TakeShare, "1", "The part of the time that the device had work, since the last look.");
    }

    /// <summary>Whether somebody wants to know of the queues, which takes a look into the index.</summary>
    internal static bool WantsQueues => s_age.Enabled;

    /// <summary>Messages were sent.</summary>
    internal static void Sent(string queue, int count) => s_sent.Add(count, Queue(queue, "send"));

    /// <summary>A message was received.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="waited">How long it lay there, where this is its first receipt.</param>
    internal static void Consumed(string queue, TimeSpan? waited)
    {
        s_consumed.Add(1, Queue(queue, "receive"));
        if (waited is { } time) s_waited.Record(Math.Max(time.TotalSeconds, 0), new KeyValuePair<string, object?>(Destination, queue));
    }

    /// <summary>What a message asked for has ended.</summary>
    internal static void Processed(string queue, string operation, string outcome, TimeSpan took)
    {
        if (!s_processed.Enabled) return;
        TagList tags = Queue(queue, operation);
        tags.Add(TelemetryNames.Outcome, outcome);
        s_processed.Record(took.TotalSeconds, tags);
    }

    /// <summary>A result came from the device, or an item's error.</summary>
    internal static void Result(long tokens, bool failed)
    {
        s_items.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Outcome, failed ? "errored" : "succeeded"));
        if (tokens > 0) s_tokens.Add(tokens);
    }

    /// <summary>Batches passed the network.</summary>
    internal static void Passes(long count) => s_passes.Add(count);

    /// <summary>Attempts ended that others follow.</summary>
    /// <param name="reason">Why: failed, givenBack or lapsed.</param>
    /// <param name="count">How many.</param>
    internal static void Retried(string reason, int count = 1) =>
        s_retries.Add(count, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A job has ended that took some seconds of a device, where others were expected.</summary>
    internal static void Estimated(string kind, double expected, double took)
    {
        if (expected > 0) s_estimates.Record((took - expected) / expected, new KeyValuePair<string, object?>("dbatch.job.kind", kind));
    }

    /// <summary>What waits, as it was found just now.</summary>
    internal static void Waiting(IReadOnlyList<WaitingQueue> queues, long poison) =>
        s_observed = new Observed(queues, poison, Stopwatch.GetTimestamp());

    static IEnumerable<Measurement<T>> Fresh<T>(Func<Observed, IEnumerable<Measurement<T>>> tell) where T : struct =>
        s_observed is { } found && Stopwatch.GetElapsedTime(found.At) < s_fresh ? tell(found) : [];

    static Measurement<T> Of<T>(T value, string queue) where T : struct =>
        new(value, new KeyValuePair<string, object?>(Destination, queue));

    static TagList Queue(string queue, string operation) =>
        new([new("messaging.system", MessagingSystem), new(Destination, queue), new("messaging.operation.name", operation)]);

    sealed record Observed(IReadOnlyList<WaitingQueue> Queues, long Poison, long At);
}

/// <summary>What is due in a queue.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Length">How much is due that nobody holds.</param>
/// <param name="Age">For how long the oldest of it has been due.</param>
public sealed record WaitingQueue(string Queue, long Length, TimeSpan Age);
