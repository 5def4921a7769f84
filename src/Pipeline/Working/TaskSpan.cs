using System.Diagnostics;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// An attempt at a task in its job's trace, from its claim to its end, which is told once. Nobody listens by default, and then there is no
/// span.
/// </summary>
internal sealed class TaskSpan
{
    /// <summary>The outcome of an attempt whose task another has now.</summary>
    public const string Fenced = "fenced";

    const string Operation = "run", Name = Operation + " task";

    readonly long _began = Stopwatch.GetTimestamp();
    readonly string _queue;
    int _ended;

    TaskSpan(Activity? activity, string queue) => (Activity, _queue) = (activity, queue);

    /// <summary>The span, or null.</summary>
    public Activity? Activity { get; }

    /// <summary>
    /// Begins the span of a claim. Where the holder before fell silent, its attempt is told first, as the index knows it: a process that
    /// was killed has sent nothing of a span that it didn't end.
    /// </summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="queue">The queue that the message came by.</param>
    /// <param name="trace">The message's trace context, or null.</param>
    /// <param name="worker">Whose claim it is.</param>
    public static TaskSpan Begin(ClaimOutcome claimed, string queue, string? trace, string worker)
    {
        TaskRow task = claimed.Task!;
        if (claimed.Lapsed is { } lapsed)
        {
            PipelineMetrics.Retried("lapsed");
            using Activity? lost = Spans.Process(Name, queue, trace, lapsed.StartedAt);
            lost?.Of(task.JobId, task.Ordinal, lapsed.Attempt).SetTag(TelemetryNames.Worker, lapsed.Owner)
                .SetTag(TelemetryNames.Outcome, "lapsed")
                .SetStatus(ActivityStatusCode.Error, "The worker fell silent; its successor tells of it.")
                .SetEndTime(lapsed.EndedAt.UtcDateTime);
        }
        Activity? begun = Spans.Process(Name, queue, trace)?.Of(task.JobId, task.Ordinal, task.Attempt);
        return new TaskSpan(begun?.SetTag(TelemetryNames.Worker, worker).SetTag("dbatch.task.items", task.ItemCount), queue);
    }

    /// <summary>Ends it; what is said after that isn't heard.</summary>
    /// <param name="outcome">How the attempt ended.</param>
    public void End(string outcome)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        if (outcome is "failed" or "givenBack") PipelineMetrics.Retried(outcome);
        PipelineMetrics.Processed(_queue, Operation, outcome, Stopwatch.GetElapsedTime(_began));
        Activity?.SetTag(TelemetryNames.Outcome, outcome);
        if (outcome is "failed" or "poisoned" or Fenced) Activity?.SetStatus(ActivityStatusCode.Error);
        Spans.EndAside(Activity);
    }
}
