using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// What attempts at tasks leave to their successors in the blob store: a shard's journal, or the files of a finetune's
/// work folder. Each attempt writes under its own name, and a successor takes the newest that is whole.
/// </summary>
internal sealed class ResumeFiles(IBlobStore store)
{
    const string Journal = "journal", List = "resume.json";

    sealed record Saved(string Path, string Blob, long Length, long Ticks);

    /// <summary>Saves a shard's journal.</summary>
    public Task SaveJournalAsync(TaskRow task, string path, CancellationToken cancellationToken) =>
        store.UploadAsync(RootNames.Attempt(task.Key, task.Attempt) + Journal, path, BlobCondition.None, cancellationToken);

    /// <summary>Fetches the newest journal of a task's earlier attempts; false where there is none.</summary>
    public async Task<bool> FetchJournalAsync(TaskRow task, string path, CancellationToken cancellationToken) =>
        await NewestAsync(task, Journal, cancellationToken) is { } blob && await store.DownloadAsync(blob, path, cancellationToken);

    /// <summary>
    /// Saves a folder's files; what hasn't changed since the last time isn't sent again. The list comes last and makes it count.
    /// </summary>
    /// <returns>Whether anything had changed.</returns>
    public async Task<bool> SaveFolderAsync(TaskRow task, string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) return false;
        string prefix = RootNames.Attempt(task.Key, task.Attempt);
        List<Saved> before = await ListAsync(prefix + List, cancellationToken) ?? [];
        var now = new List<Saved>();
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => !f.Name.EndsWith(".tmp", StringComparison.Ordinal)))
        {
            string path = FolderFiles.Name(folder, file.FullName);
            var saved = new Saved(path, $"{prefix}files/{Guid.CreateVersion7():N}", file.Length, file.LastWriteTimeUtc.Ticks);
            if (before.Find(s => s.Path == path && s.Length == saved.Length && s.Ticks == saved.Ticks) is { } same) now.Add(same);
            else
            {
                await store.UploadAsync(saved.Blob, file.FullName, BlobCondition.None, cancellationToken);
                now.Add(saved);
            }
        }
        if (now.Select(s => s.Blob).Order(StringComparer.Ordinal).SequenceEqual(before.Select(s => s.Blob).Order(StringComparer.Ordinal)))
            return false;
        await store.WriteAsync(prefix + List, JsonSerializer.SerializeToUtf8Bytes(now), BlobCondition.None, cancellationToken);
        foreach (Saved old in before.Where(s => now.TrueForAll(n => n.Blob != s.Blob)))
            await store.DeleteAsync(old.Blob, BlobCondition.None, cancellationToken);
        return true;
    }

    /// <summary>Fetches the newest folder of a task's earlier attempts; false where there is none.</summary>
    public async Task<bool> FetchFolderAsync(TaskRow task, string folder, CancellationToken cancellationToken)
    {
        if (await NewestAsync(task, List, cancellationToken) is not { } name) return false;
        foreach (Saved file in await ListAsync(name, cancellationToken) ?? [])
            if (!await store.DownloadAsync(file.Blob, Path.Combine(folder, file.Path), cancellationToken))
                throw new IOException($"{file.Path}, which an earlier attempt at {task.Key} saved, is gone: that attempt still goes on.");
        return true;
    }

    // "a000003/journal": the names' order is that of the attempts.
    async Task<string?> NewestAsync(TaskRow task, string name, CancellationToken cancellationToken)
    {
        if (task.Attempt <= 1) return null;
        string? newest = null;
        string folder = RootNames.Task(task.Key);
        await foreach (BlobEntry entry in store.ListAsync(folder + "a", cancellationToken))
            if (entry.Name.EndsWith("/" + name, StringComparison.Ordinal)
                && int.TryParse(entry.Name.AsSpan(folder.Length + 1, entry.Name.Length - folder.Length - name.Length - 2),
                    NumberStyles.None, CultureInfo.InvariantCulture, out int attempt)
                && attempt < task.Attempt) newest = entry.Name;
        return newest;
    }

    async Task<List<Saved>?> ListAsync(string name, CancellationToken cancellationToken) =>
        await store.ReadAsync(name, cancellationToken) is { } json ? JsonSerializer.Deserialize<List<Saved>>(json) : null;
}
