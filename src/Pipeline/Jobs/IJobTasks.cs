using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Inputs;
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
    /// <summary>
    /// What computes here, as results' manifests name it: kernels of one name give the same bits. Null where nothing is computed.
    /// </summary>
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

/// <summary>One finetuning to do.</summary>
/// <param name="Manifest">The job.</param>
/// <param name="Root">The storage root, that the manifest's paths are relative to.</param>
/// <param name="Output">The folder that takes the finished checkpoint's files; may not exist, may hold files of an earlier try.</param>
/// <param name="Work">The folder for what is needed to resume; kept until the job is finished.</param>
public sealed record FinetuneTask(FinetuneManifest Manifest, string Root, string Output, string Work);

/// <summary>The part of a sampling job that is still to be done.</summary>
/// <param name="Manifest">The job.</param>
/// <param name="Root">The storage root, that the manifest's paths are relative to.</param>
/// <param name="Cells">The cells to sample; an <see cref="Results.ItemResult.Cell"/> is an index into this list.</param>
/// <param name="Items">The items to sample, read as they are asked for; none of them has an error of its own. Null says that there is none
/// at present, though more may follow: the sampler goes on with what it has, and asks again. It comes only while results are
/// outstanding.</param>
public sealed record SampleTask(SampleManifest Manifest, string Root, IReadOnlyList<SweepCell<SamplerSettings>> Cells,
    IEnumerable<InputItem?> Items);

/// <summary>One evaluation to do.</summary>
/// <param name="Manifest">The job.</param>
/// <param name="Root">The storage root, that the manifest's paths are relative to.</param>
/// <param name="Output">The folder that takes the report's files.</param>
public sealed record EvaluateTask(EvaluateManifest Manifest, string Root, string Output);

/// <summary>What a task tells of its work; the runner makes a <see cref="JobProgress"/> of it.</summary>
/// <param name="Phase">What it does, in a word or two.</param>
/// <param name="Done">Units done; negative where the task doesn't count.</param>
/// <param name="Total">Units in all, or 0.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Metrics">Live figures by name.</param>
/// <param name="Note">A sentence for the log, or null.</param>
public sealed record TaskProgress(
    string Phase,
    long Done,
    long Total,
    string Unit,
    IReadOnlyDictionary<string, double>? Metrics = null,
    string? Note = null);

/// <summary>What a finished task says of itself.</summary>
public sealed record TaskReport
{
    /// <summary>The items' counts, or null.</summary>
    public ItemCounts? Items { get; init; }

    /// <summary>What the user should know although all went well.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Figures for the index, such as an evaluation's scores.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; init; } = [];

    /// <summary>An evaluation's cells for the index.</summary>
    public IReadOnlyList<SweepPoint> SweepPoints { get; init; } = [];
}

/// <summary>
/// A task that failed for good: tried again, it would come to the same end. Its job fails with the message; what it saved on its way stays.
/// </summary>
/// <param name="message">Why, with a code first and what to do last.</param>
/// <param name="inner">What was thrown.</param>
public sealed class TaskFailedException(string message, Exception? inner = null) : Exception(message, inner);
