using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>
/// The work itself, which Pipeline knows nothing of: models, sampling and metrics. GpuWorker implements it.
/// A task that is run again after an interruption must come to the same bytes as one that was not interrupted.
/// </summary>
public interface IJobTasks
{
    /// <summary>What computes here, as results' manifests name it: kernels of one name give the same bits. Null where nothing is computed.</summary>
    string? Kernels => null;

    /// <summary>
    /// What is wrong with the models and settings of a job, as far as it can be told before any work. Reads only;
    /// paths in <paramref name="pending"/> (relative to the root) are still to be made, or known to be bad, and aren't looked at.
    /// A problem of the manifest itself has an empty file and a pointer inside the job.
    /// </summary>
    IReadOnlyList<Problem> Check(JobManifest manifest, string root, IReadOnlySet<string> pending, CancellationToken cancellationToken);

    /// <summary>Finetunes a model and writes the checkpoint's files to <see cref="FinetuneTask.Output"/>.</summary>
    /// <exception cref="ProblemsException">The task's inputs are wrong.</exception>
    /// <exception cref="TaskFailedException">It failed for good: training diverged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the work folder holds what a later call needs to go on.</exception>
    Task<TaskReport> FinetuneAsync(FinetuneTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Samples each item of the task in each of its cells; each (item, cell) comes once, in any order.</summary>
    /// <exception cref="ProblemsException">The task's inputs are wrong.</exception>
    IEnumerable<ItemResult> Sample(SampleTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Scores predictions and writes the report's files to <see cref="EvaluateTask.Output"/>.</summary>
    /// <exception cref="ProblemsException">The task's inputs are wrong.</exception>
    Task<TaskReport> EvaluateAsync(EvaluateTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken);
}
