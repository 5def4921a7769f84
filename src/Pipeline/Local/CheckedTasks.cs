using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>The work as it is, but for a check that was made before: a model isn't read through twice.</summary>
/// <param name="inner">The work.</param>
/// <param name="jobs">The jobs; those with a fingerprint were checked whole.</param>
internal sealed class CheckedTasks(IJobTasks inner, IReadOnlyList<PlannedJob> jobs) : IJobTasks
{
    readonly HashSet<string> _checked = [.. jobs.Where(j => j.Fingerprint is not null).Select(j => j.Manifest.Name)];

    public string? Kernels => inner.Kernels;

    public IReadOnlyList<Problem> Check(JobManifest manifest, string root, IReadOnlySet<string> pending,
        CancellationToken cancellationToken) =>
        _checked.Contains(manifest.Name) ? [] : inner.Check(manifest, root, pending, cancellationToken);

    public Task<TaskReport> FinetuneAsync(FinetuneTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken) =>
        inner.FinetuneAsync(task, progress, cancellationToken);

    public IEnumerable<ItemResult> Sample(SampleTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken) =>
        inner.Sample(task, progress, cancellationToken);

    public Task<TaskReport> EvaluateAsync(EvaluateTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken) =>
        inner.EvaluateAsync(task, progress, cancellationToken);
}
