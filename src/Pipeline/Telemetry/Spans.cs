using System.Diagnostics;

namespace DiffusionBatch.Pipeline.Telemetry;

/// <summary>
/// The spans of a job's trace: from the request that submitted it over its plan and its tasks to its end. Each message carries the span
/// that it was written in, and each job that of its submit, so that the trace goes on in whatever process goes on with the job. Nobody
/// listens by default, and then nothing is made.
/// </summary>
public static class Spans
{
    /// <summary>The source's name, for whoever exports.</summary>
    public const string SourceName = "DiffusionBatch.Pipeline";

    static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Whether anybody listens.</summary>
    internal static bool AreWanted => s_source.HasListeners();

    /// <summary>What is under way here as the header <c>traceparent</c> has it (W3C Trace Context), or null: nobody traces.</summary>
    // One that no source made is the web server's own, which records nothing and would switch the trace off behind it.
    public static string? Current =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C, Source.Name.Length: > 0 } activity ? activity.Id : null;

    /// <summary>Begins a span within the present one, or at the beginning of a trace.</summary>
    public static Activity? Begin(string name, string? job = null) => s_source.StartActivity(name)?.Of(job);

    /// <summary>Begins a span within another one; it becomes the flow's present one.</summary>
    public static Activity? Begin(string name, Activity? parent) =>
        parent is null ? null : s_source.StartActivity(name, ActivityKind.Internal, parent.Context)?.OfTaskOf(parent);

    /// <summary>Begins a span that is none of the flow's, such as one that another thread ends.</summary>
    public static Activity? BeginAside(string name, Activity? parent, IEnumerable<Activity?>? links = null)
    {
        if (parent is null) return null;
        Activity? present = Activity.Current;
        IEnumerable<ActivityLink>? linked = links?.OfType<Activity>().Select(a => new ActivityLink(a.Context));
        Activity? begun = s_source.StartActivity(name, ActivityKind.Internal, parent.Context, tags: null, linked)?.OfTaskOf(parent);
        Activity.Current = present;
        return begun;
    }

    /// <summary>Ends a span that is none of the flow's.</summary>
    public static void EndAside(Activity? activity)
    {
        if (activity is null) return;
        Activity? present = Activity.Current;
        activity.Dispose();
        Activity.Current = present;
    }

    /// <summary>Begins the span of what a message asks for, within the span that the message carries.</summary>
    /// <param name="name">What is done, as messages' conventions have it: <c>plan job</c>.</param>
    /// <param name="queue">The queue that it came by.</param>
    /// <param name="trace">The message's trace context, or null.</param>
    /// <param name="began">When it began; null: now.</param>
    public static Activity? Process(string name, string queue, string? trace, DateTimeOffset? began = null)
    {
        ActivityContext parent = ActivityContext.TryParse(trace, null, isRemote: true, out ActivityContext context) ? context : default;
        // What called, such as a trigger, has a trace of its own.
        bool called = parent != default && Activity.Current is { } caller && caller.TraceId != parent.TraceId;
        ActivityLink[] links = called ? [new ActivityLink(Activity.Current!.Context)] : [];
        return s_source.StartActivity(name, ActivityKind.Consumer, parent, tags: null, links, began ?? default)?
            .SetTag("messaging.system", PipelineMetrics.MessagingSystem)
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.operation.name", name.Split(' ')[0])
            .SetTag("messaging.destination.name", queue);
    }

    /// <summary>Says something of the flow's present span, where that is one of these.</summary>
    public static void Tell(string name, object value)
    {
        if (Activity.Current is { Source.Name: SourceName } span) span.SetTag(name, value);
    }

    /// <summary>Says of which job a span is.</summary>
    public static Activity Of(this Activity activity, string? job) => job is null ? activity : activity.SetTag(TelemetryNames.Job, job);

    /// <summary>Says of which task, and of which attempt at it, a span is.</summary>
    public static Activity Of(this Activity activity, string job, int task, int attempt) =>
        activity.Of(job).SetTag(TelemetryNames.Task, task).SetTag(TelemetryNames.Attempt, attempt);

    /// <summary>Says that it failed, and why in the name of what was thrown: messages may hold what is nobody's business.</summary>
    public static void Failed(this Activity? activity, Exception exception)
    {
        if (activity is null || activity.Status == ActivityStatusCode.Error) return;
        activity.SetTag("error.type", exception.GetType().FullName).SetStatus(ActivityStatusCode.Error);
    }

    static Activity OfTaskOf(this Activity activity, Activity parent)
    {
        foreach (string name in TelemetryNames.OfTask)
            if (parent.GetTagItem(name) is { } value) activity.SetTag(name, value);
        return activity;
    }
}

/// <summary>The names of what spans, metrics and logs say, beside those of OpenTelemetry's semantic conventions.</summary>
public static class TelemetryNames
{
    /// <summary>A job's id.</summary>
    public const string Job = "dbatch.job.id";

    /// <summary>A task's ordinal within its job.</summary>
    public const string Task = "dbatch.task.ordinal";

    /// <summary>The number of the attempt at a task, from 1.</summary>
    public const string Attempt = "dbatch.task.attempt";

    /// <summary>How an attempt ended: completed, poisoned, split, failed, givenBack, stopped, fenced or lapsed.</summary>
    public const string Outcome = "dbatch.outcome";

    /// <summary>The state that a job has ended in.</summary>
    public const string JobState = "dbatch.job.state";

    /// <summary>The worker's name.</summary>
    public const string Worker = "dbatch.worker";

    /// <summary>What tells of which task something is.</summary>
    internal static readonly string[] OfTask = [Job, Task, Attempt];
}
