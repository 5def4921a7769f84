using System.Text.Json;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Roots;

/// <summary>
/// The files that a job reads, in the versions that its first plan saw: tasks are cut over these bytes and the
/// fingerprint is over them, so that whoever works on the job reads these or fails it.
/// </summary>
/// <param name="Files">The files, each once.</param>
public sealed record JobInputs(IReadOnlyList<PinnedFile> Files)
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>The files at a path of the manifest: the file itself, or those of the folder.</summary>
    public IEnumerable<PinnedFile> At(string path) =>
        Files.Where(f => f.Path == path || f.Path.StartsWith(path + "/", StringComparison.Ordinal));

    /// <summary>Pins a job's files; where an earlier plan did so before, its files are what counts.</summary>
    /// <exception cref="FileChangedException">A file is another than that plan saw.</exception>
    public async Task PinAsync(IBlobStore store, string job, CancellationToken cancellationToken)
    {
        BlobWrite write = await store.WriteAsync(RootNames.Inputs(job), JsonSerializer.SerializeToUtf8Bytes(this, s_json),
            BlobCondition.Absent, cancellationToken);
        if (write.Succeeded || await ReadAsync(store, job, cancellationToken) is not { } first) return;
        Dictionary<string, string> now = Files.ToDictionary(f => f.Path, f => f.Tag, StringComparer.Ordinal);
        foreach (PinnedFile file in first.Files)
            if (now.GetValueOrDefault(file.Path) != file.Tag) throw new FileChangedException(file.Path, !now.ContainsKey(file.Path));
        if (Files.FirstOrDefault(f => first.Files.All(p => p.Path != f.Path)) is { } added)
            throw new FileChangedException(added.Path, gone: false);
    }

    /// <summary>The files that a job's first plan saw; null where it wasn't planned, or has ended.</summary>
    public static async Task<JobInputs?> ReadAsync(IBlobStore store, string job, CancellationToken cancellationToken) =>
        await store.ReadAsync(RootNames.Inputs(job), cancellationToken) is { } json
            ? JsonSerializer.Deserialize<JobInputs>(json, s_json)
            : null;
}
