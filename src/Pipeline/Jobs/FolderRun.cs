using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Finetune and evaluate jobs: one task whose files are made in the work folder and moved out once all are there.</summary>
internal sealed class FolderRun(string root, PlannedJob job, IJobTasks tasks, ProgressReporter reporter, JobRunnerOptions options)
{
    readonly string _output = Path.Combine(root, job.Manifest.Output);

    /// <summary>Does the task and puts its files in place.</summary>
    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        string work = Path.Combine(_output, OutputManifest.WorkFolder), made = Path.Combine(work, "output");
        options.Before("work");
        Directory.CreateDirectory(made);
        TaskReport report = job.Manifest switch
        {
            FinetuneManifest finetune => await tasks.FinetuneAsync(new FinetuneTask(finetune, root, made, Path.Combine(work, "resume")), reporter, cancellationToken).ConfigureAwait(false),
            EvaluateManifest evaluate => await tasks.EvaluateAsync(new EvaluateTask(evaluate, root, made), reporter, cancellationToken).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"A job of kind {job.Kind} has no single task."),
        };
        cancellationToken.ThrowIfCancellationRequested();
        // A crash in between leaves the state at running; the next run makes the same files and moves them again.
        foreach (string file in Directory.EnumerateFiles(made, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string target = Path.Combine(_output, Path.GetRelativePath(made, file));
            options.Before("move");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(file, target, overwrite: true);
        }
        return new JobResult(report.Items is { Errored: > 0 } ? JobState.CompletedWithErrors : JobState.Completed)
        {
            Items = report.Items,
            Warnings = report.Warnings,
            Metrics = report.Metrics,
            SweepPoints = report.SweepPoints,
        };
    }
}
