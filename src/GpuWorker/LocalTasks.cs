using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Runtime;
using DiffusionBatch.GpuWorker.Evaluating;
using DiffusionBatch.GpuWorker.Finetuning;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.GpuWorker.Sampling;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker;

/// <summary>The jobs' work done in this process. A model that several tasks use one after another is loaded once.</summary>
/// <param name="device">Where models live; the CPU when null.</param>
public sealed class LocalTasks(TorchSharp.torch.Device? device = null) : IJobTasks, IDisposable
{
    readonly ModelCache _models = new(device);
    readonly Lazy<string> _kernels =
        new(() => $"{TorchRuntime.Version}, {KernelCheck.Run(device ?? TorchSharp.torch.CPU).Describe(device ?? TorchSharp.torch.CPU)}");

    /// <inheritdoc/>
    public string Kernels => _kernels.Value;

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Check(JobManifest manifest, string root, IReadOnlySet<string> pending,
        CancellationToken cancellationToken) => manifest switch
        {
            FinetuneManifest finetune => FinetuneCheck.Run(finetune, root, pending, cancellationToken),
            SampleManifest sample => SampleCheck.Run(sample, root, pending, cancellationToken),
            EvaluateManifest evaluate => EvaluateCheck.Run(evaluate, root, pending, cancellationToken),
            _ => [],
        };

    /// <inheritdoc/>
    public Task<TaskReport> FinetuneAsync(FinetuneTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        // Training takes the memory that a cached model would hold.
        _models.Clear();
        return Task.FromResult(FinetuneRunner.Run(task, device, progress, cancellationToken));
    }

    /// <inheritdoc/>
    public IEnumerable<ItemResult> Sample(SampleTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken) =>
        new SampleRunner(_models.Get(Path.Combine(task.Root, task.Manifest.Model.From), task.Manifest.Model.From,
            note => progress?.Report(new TaskProgress("", -1, 0, "", Note: note))), task).Run(progress, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskReport> EvaluateAsync(EvaluateTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken) =>
        Task.FromResult(new EvaluateRunner(task, _models).Run(progress, cancellationToken));

    /// <summary>Frees the models.</summary>
    public void Dispose() => _models.Dispose();
}
