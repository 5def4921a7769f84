using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Cli.Running;

/// <summary>Runs work with the progress display that fits the screen.</summary>
internal static class ProgressView
{
    /// <summary>Runs on the thread pool, so that a display of its own rhythm is not held up by computing.</summary>
    public static Task<T> RunAsync<T>(Screen screen, Func<IProgress<JobProgress>, Task<T>> work) =>
        screen.ErrorIsTerminal
            ? LiveProgress.RunAsync(screen, progress => Task.Run(() => work(progress)))
            : Task.Run(() => work(new LineProgress(screen.Note, TimeProvider.System)));
}
