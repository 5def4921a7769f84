namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Says when it is time to report again.</summary>
internal sealed class ReportClock(TimeProvider time, TimeSpan every)
{
    readonly long _start = time.GetTimestamp();
    TimeSpan _next;

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Whether a report is due; if so, the next one is due a period later.</summary>
    public bool IsDue()
    {
        TimeSpan now = Elapsed;
        if (now < _next) return false;
        _next = now + every;
        return true;
    }
}
