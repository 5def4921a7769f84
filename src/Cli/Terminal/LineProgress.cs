using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Cli.Terminal;

/// <summary>
/// Progress as plain lines, for pipes and logs: one when a job changes its state or takes up another phase, otherwise
/// one every few seconds, and every note.
/// </summary>
internal sealed class LineProgress(Action<string> write, TimeProvider time) : IProgress<JobProgress>
{
    /// <summary>The least time between two lines of a job that goes on with the same work.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    readonly Dictionary<string, (string Activity, long At)> _last = [];

    /// <inheritdoc/>
    public void Report(JobProgress value)
    {
        lock (_gate)
        {
            // How a job ended is told once, after the run.
            if (value.Note is not null && value.State == JobState.Running) write($"{value.Job}: {value.Note}");
            string activity = ProgressText.Activity(value);
            if (_last.TryGetValue(value.Job, out var last) && last.Activity == activity && time.GetElapsedTime(last.At) < Interval) return;
            _last[value.Job] = (activity, time.GetTimestamp());
            string status = ProgressText.Status(value);
            write(status.Length == 0 ? $"{value.Job}: {activity}" : $"{value.Job}: {activity} {status}");
        }
    }
}
