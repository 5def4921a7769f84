using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>A job as its tasks on this machine share it: its manifest, the versions of its files, and those that they all read.</summary>
/// <param name="Row">The job.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Inputs">The files that it was planned over.</param>
/// <param name="Folder">Those of them that every task reads, on this machine.</param>
/// <param name="Store">The root of whose job it is.</param>
/// <param name="Root">What lies there.</param>
internal sealed record JobContext(JobRow Row, WorkManifest Manifest, JobInputs Inputs, JobFolder Folder, IBlobStore Store, RootContent Root)
    : IDisposable
{
    /// <summary>The job's cells; empty where it has none.</summary>
    public IReadOnlyList<SweepCell<SamplerSettings>> Cells { get; } = Manifest is SampleManifest sample ? sample.Cells() : [];

    /// <summary>The tasks that use it at present.</summary>
    public int Users { get; set; }

    /// <summary>
    /// Fetches what all tasks of a job read, and checks what only whoever runs it can: the model, and predictions as a whole.
    /// The input of a sample isn't fetched: each task reads its own lines of it.
    /// </summary>
    /// <exception cref="ProblemsException">The job can't be run.</exception>
    /// <exception cref="FileChangedException">A file is another than the one that was planned over.</exception>
    public static async Task<JobContext> OpenAsync(
        JobRow row, JobInputs inputs, JobFolder folder, IBlobStore store, RootContent root, IJobTasks tasks,
        CancellationToken cancellationToken)
    {
        WorkManifest manifest = row.ReadManifest();
        string? cut = manifest is SampleManifest sample ? sample.Input : null;
        await folder.LinkAsync(inputs.Files.Where(f => f.Path != cut), cancellationToken);
        if (manifest is EvaluateManifest evaluate)
            await folder.LinkAsync(await TokenizerFilesAsync(evaluate, folder, root, cancellationToken), cancellationToken);
        var unreadable = new HashSet<string>(StringComparer.Ordinal);
        if (cut is not null) unreadable.Add(cut);
        var problems = new List<Problem>();
        foreach (PathField field in PathFields.Of(manifest).Where(f => f.Role == PathRole.Input))
        {
            if (PredictionReader.Check(Path.Combine(folder.Path, field.Path), field.Path, cancellationToken) is not { Count: > 0 } found)
                continue;
            problems.AddRange(found);
            unreadable.Add(field.Path);
        }
        problems.AddRange(tasks.Check(manifest, folder.Path, unreadable, cancellationToken)
            .Select(p => p.File.Length > 0 ? p : p with { File = "manifest" }));
        return problems.Count == 0 ? new JobContext(row, manifest, inputs, folder, store, root) : throw new ProblemsException(problems);
    }

    // A report shows the texts of tokens where the tokenizer of the model that wrote them still lies where it was. No score depends on it.
    static async Task<IReadOnlyList<PinnedFile>> TokenizerFilesAsync(EvaluateManifest evaluate, JobFolder folder, RootContent root,
        CancellationToken cancellationToken)
    {
        var files = new List<PinnedFile>();
        foreach (string source in OutputManifest.Read(Path.Combine(folder.Path, evaluate.Predictions))?.Sources?.Keys ?? [])
            if (source != Fingerprints.Fingerprint.ManifestSource)
                files.AddRange((await root.FilesAsync(source, cancellationToken)).Where(f =>
                    TokenizerNames.Beside.Contains(Path.GetFileName(f.Path)) && !Path.Exists(Path.Combine(folder.Path, f.Path))));
        return files;
    }

    /// <summary>The version of a sample's input that it was planned over.</summary>
    public PinnedFile Input => Inputs.Files.First(f => f.Path == ((SampleManifest)Manifest).Input);

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();
}
