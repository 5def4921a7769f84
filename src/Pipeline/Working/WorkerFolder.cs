using DiffusionBatch.Pipeline.Files;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>A worker's folder, its own while it runs: fetched files stay for the next run, what tasks made doesn't.</summary>
internal sealed class WorkerFolder : IDisposable
{
    /// <summary>The most workers that share a name for their folders.</summary>
    const int MostWorkers = 64;

    readonly FileStream _lock;

    WorkerFolder(string path, FileStream held)
    {
        (Path, _lock) = (path, held);
        foreach (string left in (string[])[Jobs, Tasks])
            if (Directory.Exists(left)) Directory.Delete(left, recursive: true);
        Directory.CreateDirectory(Files);
        foreach (string torn in Directory.EnumerateFiles(Files, "*.tmp")) File.Delete(torn);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Fetched files.</summary>
    public string Files => System.IO.Path.Combine(Path, "files");

    /// <summary>The jobs' views of them.</summary>
    public string Jobs => System.IO.Path.Combine(Path, "jobs");

    /// <summary>What tasks make.</summary>
    public string Tasks => System.IO.Path.Combine(Path, "tasks");

    /// <summary>Takes a folder: the one that is named, or, where another worker has it, that name with "-2", "-3" and so on.</summary>
    /// <exception cref="IOException">None can be had.</exception>
    public static WorkerFolder Take(string name)
    {
        name = System.IO.Path.TrimEndingDirectorySeparator(RealPath.Full(name));
        for (int number = 1; ; number++)
        {
            string path = number == 1 ? name : $"{name}-{number}";
            Directory.CreateDirectory(path);
            FileStream held;
            try
            {
                held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException e) when (number < MostWorkers && FileTrouble.IsInUse(e))
            {
                continue;
            }
            return new WorkerFolder(path, held);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
