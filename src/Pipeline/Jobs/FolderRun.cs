using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Working;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Finetune and evaluate jobs: one task whose files are made in the work folder and moved out once all are there.</summary>
internal sealed class FolderRun(string root, string id, PlannedJob job, IJobTasks tasks, LocalIndex index, ProgressReporter reporter, JobRunnerOptions options)
{
    // As often as a worker's heartbeat.
    static readonly TimeSpan s_tellEvery = TimeSpan.FromSeconds(20);

    readonly string _output = Path.Combine(root, job.Manifest.Output);

    /// <summary>Does the task and puts its files in place.</summary>
    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        // Killed between its commit and the job's end, it is made again: the files are the same.
        TaskRow task = (await index.TasksAsync(id).ConfigureAwait(false))[0];
        if (task.State == TaskState.Queued) task = await index.ClaimAsync(task.Key).ConfigureAwait(false);
        long started = options.Time.GetTimestamp();
        string work = Path.Combine(_output, OutputManifest.WorkFolder), made = Path.Combine(work, "output");
        options.Before("work");
        Directory.CreateDirectory(made);
        var clock = new ReportClock(options.Time, s_tellEvery);
        clock.IsDue(); // for the first time after a period
        var told = new Told(task, index, reporter, clock);
        TaskReport report = job.Manifest switch
        {
            FinetuneManifest finetune => await tasks.FinetuneAsync(new FinetuneTask(finetune, root, made, Path.Combine(work, "resume")), told, cancellationToken).ConfigureAwait(false),
            EvaluateManifest evaluate => await tasks.EvaluateAsync(new EvaluateTask(evaluate, root, made), told, cancellationToken).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"A job of kind {job.Kind} has no single task."),
        };
        cancellationToken.ThrowIfCancellationRequested();
        // A crash in between leaves the state at running; the next run makes the same files and moves them again.
        var artifacts = new List<ArtifactRow>();
        foreach (string file in Directory.EnumerateFiles(made, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string relative = Path.GetRelativePath(made, file), target = Path.Combine(_output, relative);
            options.Before("move");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(file, target, overwrite: true);
            artifacts.Add(new ArtifactRow($"{job.Manifest.Output}/{relative.Replace('\\', '/')}", ArtifactKind.File) { Bytes = new FileInfo(target).Length });
        }
        string? kernels = job.Manifest is FinetuneManifest ? tasks.Kernels : null;
        await index.CommitAsync(task, FolderTask.CommitOf(report, options.Time.GetElapsedTime(started).TotalSeconds, kernels, artifacts)).ConfigureAwait(false);
        return new JobResult(report.Items is { Errored: > 0 } ? JobState.CompletedWithErrors : JobState.Completed)
        {
            Items = report.Items,
            Warnings = report.Warnings,
        };
    }

    // What the task tells goes to whoever looks on, and now and then to the index.
    sealed class Told(TaskRow task, LocalIndex index, ProgressReporter reporter, ReportClock clock) : IProgress<TaskProgress>
    {
        public void Report(TaskProgress value)
        {
            reporter.Report(value);
            if (value.Done >= 0 && clock.IsDue()) index.TellAsync(task, value).GetAwaiter().GetResult();
        }
    }
}
