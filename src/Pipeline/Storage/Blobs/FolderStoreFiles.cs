using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Files;

namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>A folder store's own files: temporary ones, staged blocks, leases, and the lock that commits take.</summary>
internal sealed class FolderStoreFiles(string root, TimeProvider time)
{
    static readonly TimeSpan s_keep = TimeSpan.FromDays(7);

    readonly string _folder = Path.Combine(root, BlobName.Reserved);

    /// <summary>Removes what writers that died left behind a week ago, as Azure does with uncommitted blocks.</summary>
    public void Sweep()
    {
        if (!Directory.Exists(_folder)) return;
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
            if (time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file) > s_keep && Path.GetFileName(file) != "lock")
                File.Delete(file);
    }

    /// <summary>What it means that the disk refused something.</summary>
    /// <param name="what">What was tried: "write the blob a/b".</param>
    /// <param name="e">What was thrown.</param>
    public static StorageException Failed(string what, Exception e) => new(
        FileTrouble.Of(e) switch
        {
            FileTroubleKind.Full => StorageFailure.Full,
            FileTroubleKind.Denied or FileTroubleKind.ReadOnly => StorageFailure.Denied,
            FileTroubleKind.InUse => StorageFailure.Unavailable,
            _ => StorageFailure.Invalid,
        },
        $"Storage failed to {what}: {FileTrouble.Reason(e)}.",
        e);

    /// <summary>Writes a temporary file on the store's own disk; if that fails nothing stays.</summary>
    /// <param name="what">What it is for: "write the blob a/b".</param>
    /// <param name="write">Writes the content. What it throws by itself goes on as it is; what the disk refuses becomes a
    /// <see cref="StorageException"/>.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task<string> WriteTemporaryAsync(string what, Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        string path = Path.Combine(Folder("tmp"), Guid.NewGuid().ToString("N"));
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16,
                FileOptions.Asynchronous);
            await write(file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            file.Flush(flushToDisk: true);
            return path;
        }
        catch (Exception e)
        {
            if (File.Exists(path)) File.Delete(path);
            if (FileTrouble.Of(e) is FileTroubleKind.Other or FileTroubleKind.InUse) throw;
            throw Failed(what, e);
        }
    }

    /// <summary>Where a staged block lies.</summary>
    public string Block(string name, string block)
    {
        BlockId.Demand(block);
        return Path.Combine(Folder(Path.Combine("blocks", Key(name))), block);
    }

    /// <summary>Drops all staged blocks of a blob.</summary>
    public void DropBlocks(string name)
    {
        string folder = Path.Combine(_folder, "blocks", Key(name));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Where a lease's file lies.</summary>
    public string Lease(string name) => Path.Combine(Folder("leases"), Key(name));

    /// <summary>Drops all leases: for whoever knows that their holders are gone.</summary>
    public static void DropLeases(string root)
    {
        string leases = Path.Combine(root, BlobName.Reserved, "leases");
        if (Directory.Exists(leases)) Directory.Delete(leases, recursive: true);
    }

    /// <summary>Takes the store's lock; disposing gives it back, and so does the end of the process.</summary>
    public async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(Folder(""), "lock");
        for (int wait = 1; ; wait = Math.Min(2 * wait, 16))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException e) when (FileTrouble.IsInUse(e))
            {
                await Task.Delay(wait, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Failed("take its lock", e);
            }
        }
    }

    /// <summary>Removes folders that a deletion left empty, up to the root.</summary>
    public static void RemoveEmptyFolders(string folder, string root)
    {
        for (; folder.Length > root.Length && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
            Directory.Delete(folder);
    }

    // A name has slashes and may be long; its hash is one file's name.
    static string Key(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    string Folder(string name)
    {
        try
        {
            return Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed($"make its own folder {BlobName.Reserved}", e);
        }
    }
}
