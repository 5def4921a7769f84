using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// Files of the root on this machine's disk, by path and version, so that the tasks and jobs of a model share one copy.
/// Files of a store that is on this disk already aren't copied. What is in use stays; of the rest what was used last stays, up to a number
/// of bytes.
/// </summary>
/// <param name="folder">Where they are kept; exists.</param>
/// <param name="maxBytes">The most bytes that are kept unused.</param>
internal sealed class FileCache(string folder, long maxBytes)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    sealed class Entry(Lazy<Task> fetched)
    {
        public Lazy<Task> Fetched { get; } = fetched;

        public int Users { get; set; }
    }

    /// <summary>Fetches a file unless it is there. It stays until it is released as often as it was taken.</summary>
    /// <returns>Its path on this machine; nobody may write it.</returns>
    /// <exception cref="FileChangedException">The root has another version.</exception>
    public async Task<string> TakeAsync(RootContent root, PinnedFile file, CancellationToken cancellationToken)
    {
        if (root.Locate(file) is { } here)
        {
            await root.DemandAsync(file, cancellationToken);
            return here;
        }
        string path = PathOf(root, file);
        Entry entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(path, out entry!))
                _entries[path] = entry = new Entry(new Lazy<Task>(() => FetchAsync(root, file, path, cancellationToken)));
            entry.Users++;
        }
        try
        {
            await entry.Fetched.Value.WaitAsync(cancellationToken);
        }
        catch
        {
            lock (_lock)
            {
                entry.Users--;
                if (_entries.GetValueOrDefault(path) == entry) _entries.Remove(path);
            }
            throw;
        }
        File.SetLastAccessTimeUtc(path, DateTime.UtcNow);
        return path;
    }

    /// <summary>Gives a file back, and deletes what was used longest ago where too much is kept.</summary>
    public void Release(RootContent root, PinnedFile file)
    {
        if (root.Locate(file) is not null) return;
        lock (_lock)
        {
            if (_entries.TryGetValue(PathOf(root, file), out Entry? entry)) entry.Users--;
            FileInfo[] unused = [.. new DirectoryInfo(folder).EnumerateFiles()
                .Where(f => !f.Name.EndsWith(".tmp", StringComparison.Ordinal)
                    && _entries.GetValueOrDefault(f.FullName) is not { Users: > 0 })];
            long bytes = unused.Sum(f => f.Length);
            foreach (FileInfo old in unused.OrderBy(f => f.LastAccessTimeUtc).TakeWhile(_ => bytes > maxBytes))
            {
                bytes -= old.Length;
                old.Delete();
                _entries.Remove(old.FullName);
            }
        }
    }

    static async Task FetchAsync(RootContent root, PinnedFile file, string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path)) return;
        string temporary = path + ".tmp";
        await using (Stream content = await root.OpenAsync(file, 0, cancellationToken))
        await using (var copy = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16,
            FileOptions.Asynchronous))
            await content.CopyToAsync(copy, cancellationToken);
        await root.DemandAsync(file, cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    string PathOf(RootContent root, PinnedFile file) =>
        Path.Combine(folder,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{root.Place}{file.Path}\n{file.Tag}")).AsSpan(0, 16)));
}
