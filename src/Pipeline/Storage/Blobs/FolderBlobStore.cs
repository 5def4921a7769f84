using System.Runtime.CompilerServices;
using DiffusionBatch.Pipeline.Files;

namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>
/// Blobs as files under a folder. Processes may share it: what a write changes is moved into place under one lock.
/// A blob's tag is made of its time, which each write moves on, and its size. Unlike in Azure, no blob may bear the
/// name of another's folder.
/// </summary>
public sealed class FolderBlobStore : IBlobStore, ILocalStore
{
    readonly string _root;
    readonly FolderStoreFiles _files;
    readonly TimeProvider _time;

    /// <summary>A store in a folder, which is made where it doesn't exist.</summary>
    public FolderBlobStore(string root, TimeProvider time)
    {
        (_root, _time) = (RealPath.Full(root), time);
        _files = new FolderStoreFiles(_root, time);
        _files.Sweep();
    }

    /// <inheritdoc/>
    public Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Entry(name));

    /// <inheritdoc/>
    public string Locate(string name) => PathOf(name);

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string name, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        try
        {
            // Whoever replaces or deletes the file meanwhile leaves this reader the old one.
            var stream = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16,
                FileOptions.Asynchronous);
            if (offset > stream.Length)
            {
                stream.Dispose();
                throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The blob {name} ends before.");
            }
            stream.Position = offset;
            return Task.FromResult<Stream?>(stream);
        }
        catch (Exception e)
            when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException && !File.Exists(PathOf(name)))
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (UnauthorizedAccessException e)
        {
            throw FolderStoreFiles.Failed($"read the blob {name}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<BlobWrite> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        string temporary = await _files.WriteTemporaryAsync($"write the blob {name}", content.CopyToAsync, cancellationToken);
        return await PlaceAsync(name, path, temporary, condition, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StageAsync(string name, string block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        BlobName.Demand(name);
        string temporary = await _files.WriteTemporaryAsync($"stage a block of the blob {name}",
            (file, token) => file.WriteAsync(content, token).AsTask(), cancellationToken);
        File.Move(temporary, _files.Block(name, block), overwrite: true);
    }

    /// <inheritdoc/>
    public async Task<BlobWrite> CommitAsync(string name, IReadOnlyList<string> blocks, BlobCondition condition,
        CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        string[] files = [.. blocks.Select(block => _files.Block(name, block))];
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
            throw new StorageException(StorageFailure.Invalid,
                $"Storage failed to commit the blob {name}: its block {Path.GetFileName(missing)} isn't staged.");
        string temporary = await _files.WriteTemporaryAsync(
            $"commit the blob {name}",
            async (file, token) =>
            {
                foreach (string source in files)
                {
                    await using FileStream block = File.OpenRead(source);
                    await block.CopyToAsync(file, token);
                }
            },
            cancellationToken);
        BlobWrite write = await PlaceAsync(name, path, temporary, condition, cancellationToken);
        if (write.Succeeded) _files.DropBlocks(name);
        return write;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        using FileStream held = await _files.LockAsync(cancellationToken);
        if (Entry(name) is not { } entry || condition.IsAbsent || (condition.Tag is { } tag && tag != entry.Tag)) return false;
        File.Delete(path);
        FolderStoreFiles.RemoveEmptyFolders(Path.GetDirectoryName(path)!, _root);
        return true;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (string name in FolderListing.Names(_root, prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Gone since the folder was read: it isn't listed.
            if (Entry(name) is { } entry) yield return entry;
        }
    }

    /// <inheritdoc/>
    public async Task<IBlobLease?> LeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        BlobName.Demand(name);
        var lease = new FolderBlobLease(_files, name, duration, _time);
        return await lease.RenewAsync(cancellationToken) ? lease : null;
    }

    async Task<BlobWrite> PlaceAsync(string name, string path, string temporary, BlobCondition condition,
        CancellationToken cancellationToken)
    {
        try
        {
            using FileStream held = await _files.LockAsync(cancellationToken);
            BlobEntry? before = Entry(name);
            if (condition.IsAbsent && before is not null) return new BlobWrite(BlobOutcome.Exists, null);
            if (condition.Tag is { } tag && tag != before?.Tag) return new BlobWrite(BlobOutcome.Changed, null);
            DateTimeOffset now = _time.GetUtcNow(), next = before is not null && before.ModifiedAt >= now
                ? before.ModifiedAt.AddTicks(1)
                : now;
            File.SetLastWriteTimeUtc(temporary, next.UtcDateTime);
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Move(temporary, path, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw IsTaken(name) ? new StorageException(StorageFailure.Invalid,
                    $"Storage failed to write the blob {name}: a part of it is a file already, or it is a folder.", e)
                    : FolderStoreFiles.Failed($"write the blob {name}", e);
            }
            return new BlobWrite(BlobOutcome.Written, Entry(name)!.Tag);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    BlobEntry? Entry(string name)
    {
        var file = new FileInfo(PathOf(name));
        try
        {
            // A link's own size and time say nothing of what a reader gets.
            if (file.LinkTarget is not null) file = new FileInfo(RealPath.Of(file.FullName));
        }
        catch (IOException) // links in a circle: a reader gets nothing
        {
            return null;
        }
        return file.Exists
            ? new BlobEntry(name, file.Length, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}", file.LastWriteTimeUtc)
            : null;
    }

    bool IsTaken(string name)
    {
        if (Directory.Exists(PathOf(name))) return true;
        for (string? at = Path.GetDirectoryName(name); !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
            if (File.Exists(PathOf(at))) return true;
        return false;
    }

    string PathOf(string name)
    {
        BlobName.Demand(name);
        return Path.Combine(_root, name);
    }
}
