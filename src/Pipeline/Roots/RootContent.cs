using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Roots;

/// <summary>
/// What is at a path of a storage root that is a blob store: a blob is a file, and a folder is what blobs' names begin
/// with. Hidden entries (work in progress) are not there. Hashes equal those of the same content on a disk; a file that
/// was hashed before in the same version isn't read again.
/// </summary>
public sealed class RootContent(IBlobStore store, ICacheIndex index)
{
    /// <summary>What tells its files from those of the same path in another tenant's root.</summary>
    public string Place => (store as IPlacedStore)?.Place ?? "";

    /// <summary>What is at a path.</summary>
    public async Task<PathContent> LookAsync(string path, CancellationToken cancellationToken)
    {
        // Whether something of the pipeline's own is there, which may be another tenant's, isn't told either.
        if (RootNames.IsInternal(path)) return PathContent.Reserved;
        if (BlobName.Refusal(path) is not null) return PathContent.Nothing;
        if (await store.FindAsync(path, cancellationToken) is not null) return PathContent.File;
        await foreach (BlobEntry entry in store.ListAsync(path + "/", cancellationToken))
            if (!IsHidden(entry.Name[path.Length..])) return PathContent.Folder;
        return PathContent.Nothing;
    }

    /// <summary>The files at a path: the one that it names, or all of a folder in ordinal order; empty where nothing is there.</summary>
    public async Task<IReadOnlyList<PinnedFile>> FilesAsync(string path, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(path, cancellationToken) is { } file) return [new PinnedFile(file.Name, file.Tag, file.Length)];
        var files = new List<PinnedFile>();
        await foreach (BlobEntry entry in store.ListAsync(path + "/", cancellationToken))
            if (!IsHidden(entry.Name[path.Length..])) files.Add(new PinnedFile(entry.Name, entry.Tag, entry.Length));
        return files;
    }

    /// <summary>The hash of what is at a path, as fingerprints have it (<see cref="FolderHash"/>, <see cref="ContentHash"/>).</summary>
    /// <param name="path">The path.</param>
    /// <param name="files">Its files.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">A file is gone, or another, since <paramref name="files"/> were listed.</exception>
    public async Task<string> HashAsync(string path, IReadOnlyList<PinnedFile> files, CancellationToken cancellationToken)
    {
        if (files is [{ } only] && only.Path == path) return await HashAsync(only, cancellationToken);
        var hashes = new List<(string Path, string Hash)>();
        foreach (PinnedFile file in files)
        {
            string relative = file.Path[(path.Length + 1)..];
            if (FolderHash.Counts(relative)) hashes.Add((relative, await HashAsync(file, cancellationToken)));
        }
        return FolderHash.OfFiles(hashes);
    }

    async Task<string> HashAsync(PinnedFile file, CancellationToken cancellationToken)
    {
        if (await index.HashAsync(file.Path, file.Tag, cancellationToken) is { } known) return known;
        string hash;
        await using (Stream content = await OpenAsync(file, 0, cancellationToken))
            hash = await ContentHash.OfAsync(content, cancellationToken);
        await DemandAsync(file, cancellationToken);
        await index.SaveHashAsync(file.Path, file.Tag, hash, cancellationToken);
        return hash;
    }

    /// <summary>Opens a file that is to be of a version; <see cref="DemandAsync"/> after the reading says whether it was.</summary>
    /// <exception cref="FileChangedException">It is gone, or another.</exception>
    public async Task<Stream> OpenAsync(PinnedFile file, long offset, CancellationToken cancellationToken)
    {
        await DemandAsync(file, cancellationToken);
        return await store.OpenReadAsync(file.Path, offset, cancellationToken) ?? throw new FileChangedException(file.Path, gone: true);
    }

    /// <summary>Where a file lies on this machine's own disk; null where the store is elsewhere.</summary>
    public string? Locate(PinnedFile file) => (store as ILocalStore)?.Locate(file.Path);

    /// <summary>Refuses a file that isn't of that version any more.</summary>
    /// <exception cref="FileChangedException">It is gone, or another.</exception>
    public async Task DemandAsync(PinnedFile file, CancellationToken cancellationToken)
    {
        BlobEntry? now = await store.FindAsync(file.Path, cancellationToken);
        if (now?.Tag != file.Tag) throw new FileChangedException(file.Path, now is null);
    }

    static bool IsHidden(string relative) => relative.Contains("/.", StringComparison.Ordinal);
}

/// <summary>A file of the storage root in one version.</summary>
/// <param name="Path">Its path under the root, which is its blob's name.</param>
/// <param name="Tag">Its entity tag.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record PinnedFile(string Path, string Tag, long Length);

/// <summary>A file that a job was planned over is another by now: its results would belong to no fingerprint.</summary>
/// <param name="path">The file's path under the root.</param>
/// <param name="gone">Whether it was deleted, not replaced.</param>
public sealed class FileChangedException(string path, bool gone)
    : IOException($"{path} was {(gone ? "deleted" : "changed")} after the job was planned; hand the job in again")
{
    /// <summary>The file's path under the root.</summary>
    public string Path { get; } = path;
}
