using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>A finetune or an evaluation: one task whose files are made here and put in place once all are there.</summary>
internal sealed class FolderTask(TaskClaim claim, JobContext context, string folder)
    : PreparedTask(claim, context, folder), IProgress<TaskProgress>
{
    /// <summary>The folder for what resuming needs.</summary>
    public string Resume => Path.Combine(Folder, "resume");

    // What computes; an evaluation makes no tensors.
    string? _kernels;

    string Made => Path.Combine(Folder, "output");

    /// <summary>Called with each sentence for the log.</summary>
    public Action<string> Noted { get; set; } = static _ => { };

    /// <summary>Does the work.</summary>
    public async Task<TaskReport> RunAsync(IJobTasks tasks, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Made);
        Directory.CreateDirectory(Resume);
        _kernels = Context.Manifest is FinetuneManifest ? tasks.Kernels : null;
        return Context.Manifest switch
        {
            FinetuneManifest finetune =>
                await tasks.FinetuneAsync(new FinetuneTask(finetune, Context.Folder.Path, Made, Resume), this, cancellationToken),
            EvaluateManifest evaluate =>
                await tasks.EvaluateAsync(new EvaluateTask(evaluate, Context.Folder.Path, Made), this, cancellationToken),
            var other => throw new InvalidOperationException($"A job of kind {other.Kind} has no single task."),
        };
    }

    /// <summary>Puts the files in place; what is there already was written by this very task.</summary>
    /// <returns>What the index is to be told.</returns>
    public async Task<TaskCommit> UploadAsync(TaskReport report, double seconds, CancellationToken cancellationToken)
    {
        var artifacts = new List<ArtifactRow>();
        foreach (string file in Directory.EnumerateFiles(Made, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = $"{Context.Manifest.Output}/{FolderFiles.Name(Made, file)}";
            await Context.Store.UploadAsync(name, file, BlobCondition.Absent, cancellationToken);
            BlobEntry written = await Context.Store.FindAsync(name, cancellationToken)
                ?? throw new IOException($"{name} is gone: something else deleted it.");
            artifacts.Add(new ArtifactRow(name, ArtifactKind.File) { Bytes = written.Length });
        }
        return CommitOf(report, seconds, _kernels, artifacts);
    }

    /// <summary>What the index is told of a finetune or an evaluation.</summary>
    /// <param name="report">What it says of itself.</param>
    /// <param name="seconds">How long the device worked on it.</param>
    /// <param name="kernels">What computed it, or null.</param>
    /// <param name="artifacts">Its files, in place.</param>
    public static TaskCommit CommitOf(TaskReport report, double seconds, string? kernels, IReadOnlyList<ArtifactRow> artifacts) => new()
    {
        Succeeded = report.Items?.Succeeded ?? 0,
        Errored = report.Items?.Errored ?? 0,
        Cost = new TaskCost { Seconds = seconds, Kernels = kernels, Items = report.Items, Warnings = report.Warnings }.ToJson(),
        Artifacts = artifacts,
        Metrics = report.Metrics,
        SweepPoints = report.SweepPoints,
    };

    /// <inheritdoc/>
    public void Report(TaskProgress value)
    {
        if (value.Note is not null) Noted(value.Note);
        Claim.Report(value);
    }

    /// <inheritdoc/>
    protected override Task<bool> SaveFilesAsync(ResumeFiles resume, CancellationToken cancellationToken) =>
        resume.SaveFolderAsync(Task, Resume, cancellationToken);
}
