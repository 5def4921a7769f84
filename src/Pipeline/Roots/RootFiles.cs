using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Roots;

/// <summary>Small blobs read and written whole.</summary>
internal static class RootFiles
{
    /// <summary>A blob's bytes, or null where there is none.</summary>
    public static async Task<byte[]?> ReadAsync(this IBlobStore store, string name, CancellationToken cancellationToken)
    {
        await using Stream? content = await store.OpenReadAsync(name, 0, cancellationToken);
        if (content is null) return null;
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Writes a blob from bytes.</summary>
    public static Task<BlobWrite> WriteAsync(this IBlobStore store, string name, byte[] content, BlobCondition condition,
        CancellationToken cancellationToken) =>
        store.WriteAsync(name, new MemoryStream(content), condition, cancellationToken);

    /// <summary>Writes a blob from a file on this machine.</summary>
    public static async Task<BlobWrite> UploadAsync(this IBlobStore store, string name, string file, BlobCondition condition,
        CancellationToken cancellationToken)
    {
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16,
            FileOptions.Asynchronous);
        return await store.WriteAsync(name, content, condition, cancellationToken);
    }

    /// <summary>Copies a blob to a file; false where there is none.</summary>
    public static async Task<bool> DownloadAsync(this IBlobStore store, string name, string file, CancellationToken cancellationToken)
    {
        await using Stream? content = await store.OpenReadAsync(name, 0, cancellationToken);
        if (content is null) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var copy = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        await content.CopyToAsync(copy, cancellationToken);
        return true;
    }

    /// <summary>Deletes all blobs whose names begin with a prefix, several at a time.</summary>
    public static async Task DeleteAllAsync(this IBlobStore store, string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (BlobEntry entry in store.ListAsync(prefix, cancellationToken)) names.Add(entry.Name);
        var several = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(names, several, async (name, token) => await store.DeleteAsync(name, BlobCondition.None, token));
    }

    /// <summary>An output folder's manifest with its tag; null where there is none, or one that no job wrote.</summary>
    public static async Task<(OutputManifest? Manifest, string? Tag)> ReadOutputAsync(this IBlobStore store, string output,
        CancellationToken cancellationToken)
    {
        string name = $"{output}/{OutputManifest.FileName}";
        // The tag first: what is written in between makes the conditional write fail.
        if (await store.FindAsync(name, cancellationToken) is not { } entry) return (null, null);
        return await store.ReadAsync(name, cancellationToken) is { } json ? (OutputManifest.Parse(json), entry.Tag) : (null, null);
    }
}
