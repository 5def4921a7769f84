using System.Diagnostics;

namespace DiffusionBatch.Pipeline.Telemetry;

/// <summary>
/// The passes of the device as spans of some seconds each, whatever the number of passes: a long job's trace stays readable, and a
/// worker that dies has told all but its last seconds. Used by one thread at a time.
/// </summary>
/// <param name="name">What the device does.</param>
/// <param name="tasks">The spans of the tasks that are on the device at present; the first is the parent, the others are linked.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceSpan(string name, Func<IEnumerable<Activity?>> tasks, TimeProvider time)
{
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    Activity? _span;
    long _since, _results, _tokens, _passes, _counted;

    /// <summary>A result came.</summary>
    /// <param name="tokens">Its length.</param>
    /// <param name="failed">Whether it is an error.</param>
    public void Result(long tokens, bool failed)
    {
        PipelineMetrics.Result(tokens, failed);
        _results++;
        _tokens += tokens;
        Go();
    }

    /// <summary>The device goes on: begins a span, or ends one that is long enough and begins the next.</summary>
    public void Go()
    {
        if (_span is not null && time.GetElapsedTime(_since) >= s_longest) End();
        if (_span is not null || !Spans.AreWanted) return;
        Activity?[] present = [.. tasks()];
        if (Array.Find(present, t => t is not null) is not { } parent) return;
        _since = time.GetTimestamp();
        _span = Spans.BeginAside(name, parent, present.Where(t => t != parent));
    }

    /// <summary>How many passes there were since the beginning.</summary>
    public void Passed(long passes)
    {
        long more = passes - _counted;
        if (more <= 0) return;
        PipelineMetrics.Passes(more);
        _counted = passes;
        _passes += more;
    }

    /// <summary>Ends the span under way.</summary>
    public void End()
    {
        _span?.SetTag("dbatch.device.passes", _passes).SetTag("dbatch.items", _results).SetTag("dbatch.tokens", _tokens);
        Spans.EndAside(_span);
        (_span, _results, _tokens, _passes) = (null, 0, 0, 0);
    }
}
