using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// A job's own view of the root on this machine: the files that it reads under their paths, as links to the cache's, so that
/// what two jobs share is one file to whoever follows the links.
/// </summary>
internal sealed class JobFolder(FileCache cache, RootContent root, string folder) : IDisposable
{
    readonly List<PinnedFile> _taken = [];

    /// <summary>The folder's path.</summary>
    public string Path => folder;

    /// <summary>Brings files in, several at a time.</summary>
    /// <exception cref="FileChangedException">The root has another version of one.</exception>
    public async Task LinkAsync(IEnumerable<PinnedFile> files, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var several = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(files, several, async (file, token) =>
        {
            string path = await cache.TakeAsync(root, file, token), link = System.IO.Path.Combine(folder, file.Path);
            lock (_taken) _taken.Add(file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(link)!);
            if (!File.Exists(link)) File.CreateSymbolicLink(link, path);
        });
    }

    /// <summary>Removes the view and gives the files back.</summary>
    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        foreach (PinnedFile file in _taken) cache.Release(root, file);
        _taken.Clear();
    }
}
