using System.Collections.Concurrent;
using System.Diagnostics;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Tests.Telemetry;

/// <summary>Keeps the pipeline's spans of one trace, which begins here.</summary>
internal sealed class Listener : IDisposable
{
    const string Own = "DiffusionBatch.Pipeline.Tests";

    static readonly ActivitySource s_source = new(Own);

    readonly ActivityListener _listener;
    readonly ConcurrentQueue<Activity> _ended = [];

    public Listener()
    {
        _listener = new ActivityListener
        {
            // By its name: this is asked while the source itself is being made.
            ShouldListenTo = source => source.Name is Spans.SourceName or Own,
            // Tests that run at the same time have no spans by this.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Source == s_source || options.Parent.TraceId == Request?.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == Request?.TraceId && activity.Source != s_source) _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
        Activity.Current = null;
        Request = s_source.StartActivity("request")!;
    }

    /// <summary>What stands for the request.</summary>
    public Activity Request { get; }

    /// <summary>The spans that have ended, by their beginnings.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended.OrderBy(a => a.StartTimeUtc)];

    /// <summary>Those of a name.</summary>
    public IReadOnlyList<Activity> Of(string name) => [.. Ended.Where(a => a.OperationName == name)];

    /// <summary>Leaves the request: what comes now is of other calls.</summary>
    public void Leave() => Activity.Current = null;

    public void Dispose()
    {
        Request.Dispose();
        _listener.Dispose();
    }
}
