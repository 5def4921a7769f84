using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.GpuWorker;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Local;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli.Running;

/// <summary>Runs or checks a manifest on a folder, in this process.</summary>
internal static class ManifestRun
{
    /// <summary>Runs a manifest with the progress display that fits the screen.</summary>
    public static async Task<JobOutcome> RunAsync(Screen screen, string manifest, string root, CancellationToken cancellationToken)
    {
        ManifestReading reading = ManifestReader.Read(manifest, root);
        if (reading.Manifest is not { } jobs) return new JobOutcome(JobVerdict.BadInput, [], reading.Problems);
        using var tasks = new LocalTasks();
        JobRunner runner = Runner(manifest, root, tasks);
        JobOutcome outcome = await ProgressView.RunAsync(screen, progress => runner.RunAsync(jobs, progress, cancellationToken));
        return outcome with { Problems = reading.Placed(manifest, outcome.Problems) };
    }

    /// <summary>Reads a manifest and checks it with its inputs, models and outputs; writes nothing.</summary>
    public static (JobManifest? Manifest, IReadOnlyList<Problem> Problems) Check(
        string manifest, string root, CancellationToken cancellationToken)
    {
        ManifestReading reading = ManifestReader.Read(manifest, root);
        using var tasks = new LocalTasks();
        return reading.Manifest is { } jobs
            ? (jobs, reading.Placed(manifest, Runner(manifest, root, tasks).Check(jobs, cancellationToken)))
            : (null, reading.Problems);
    }

    static JobRunner Runner(string manifest, string root, LocalTasks tasks) =>
        new(root, tasks, new JobRunnerOptions { ManifestFile = manifest });
}
