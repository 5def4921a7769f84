using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>Turns what a task tells into progress of its job, with the time left by the pace of this run.</summary>
internal sealed class ProgressReporter(PlannedJob job, IProgress<JobProgress>? progress, TimeProvider time) : IProgress<TaskProgress>
{
    static readonly Dictionary<string, double> s_none = [];

    readonly Lock _lock = new();
    readonly long _started = time.GetTimestamp();
    TaskProgress _last = new("checking", 0, 0, "");
    long _paceStart, _paceTime;

    /// <summary>Time since the job was taken up.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <inheritdoc/>
    public void Report(TaskProgress value)
    {
        lock (_lock)
        {
            if (value.Done >= 0 && value.Phase != _last.Phase) (_paceStart, _paceTime) = (Math.Max(value.Done, 0), time.GetTimestamp());
            // A note alone doesn't move the count.
            _last = value.Done < 0 ? _last with { Note = value.Note } : value;
            Send(JobState.Running, _last);
        }
    }

    /// <summary>Tells of a new state.</summary>
    public void State(JobState state, string? note = null)
    {
        lock (_lock) Send(state, _last with { Note = note });
    }

    void Send(JobState state, TaskProgress at) => progress?.Report(new JobProgress(
        job.Manifest.Name, job.Kind, state, at.Phase, Math.Max(at.Done, 0), at.Total, at.Unit, at.Metrics ?? s_none, Elapsed, Remaining(at),
        at.Note));

    TimeSpan? Remaining(TaskProgress at)
    {
        long done = at.Done - _paceStart;
        return done > 0 && at.Total >= at.Done ? time.GetElapsedTime(_paceTime) * ((double)(at.Total - at.Done) / done) : null;
    }
}
