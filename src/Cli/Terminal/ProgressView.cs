using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Cli.Terminal;

/// <summary>Runs work with the progress display that fits the screen.</summary>
internal static class ProgressView
{
    /// <summary>Runs the work on the thread pool, so that computing doesn't hold up a display that redraws itself.</summary>
    public static Task<T> RunAsync<T>(Screen screen, Func<IProgress<JobProgress>, Task<T>> work) =>
        screen.ErrorIsTerminal
            ? LiveProgress.RunAsync(screen, progress => Task.Run(() => work(progress)))
            : Task.Run(() => work(new LineProgress(screen.Note, TimeProvider.System)));
}

/// <summary>A job's progress in words.</summary>
internal static class ProgressText
{
    /// <summary><c>1,200/9,000 steps, loss 2.318, tokens/s 14,200, 2:31 left</c>.</summary>
    public static string Status(JobProgress progress)
    {
        var parts = new List<string>();
        // Between tasks a server knows the counts but no unit.
        string unit = progress.Unit.Length == 0 ? "" : " " + progress.Unit;
        if (progress.Total > 0) parts.Add($"{Figures.Count(progress.Done)}/{Figures.Count(progress.Total)}{unit}");
        else if (progress.Done > 0) parts.Add($"{Figures.Count(progress.Done)}{unit}");
        parts.AddRange(progress.Metrics.Select(m => $"{m.Key} {Figures.Measure(m.Value)}"));
        if (progress.State.IsFinished() || progress.State == JobState.Failed) parts.Add($"{Figures.Time(progress.Elapsed)} in all");
        else if (progress.Remaining is { } left) parts.Add($"{Figures.Time(left)} left");
        return string.Join(", ", parts);
    }

    /// <summary>What the job does at present, or how it ended.</summary>
    public static string Activity(JobProgress progress) => progress.State switch
    {
        JobState.Running => progress.Phase,
        JobState.Completed => "done",
        JobState.CompletedWithErrors => "done, with item errors",
        JobState.Failed => "failed",
        _ => progress.State.Name(),
    };
}
