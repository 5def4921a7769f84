using System.Collections.Concurrent;
using System.Diagnostics;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Tests.Telemetry;

/// <summary>Keeps the pipeline's spans of one trace, which begins here.</summary>
internal sealed class Listener : IDisposable
{
    // Its own: tests run at the same time.
    readonly ActivitySource _source = new($"DiffusionBatch.Pipeline.Tests.{Guid.NewGuid()}");

    readonly ActivityListener _listener;
    readonly ConcurrentQueue<Activity> _ended = [];

    public Listener()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.SourceName || source == _source,
            // Tests that run at the same time have no spans by this.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Source == _source || options.Parent.TraceId == Request?.TraceId
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == Request?.TraceId && activity.Source != _source) _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
        Activity.Current = null;
        Request = _source.StartActivity("request")!;
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
        _source.Dispose();
    }
}
