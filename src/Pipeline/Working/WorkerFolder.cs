using System.Globalization;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// A worker's folder, its own while it runs. Fetched files stay for the next run; so does what a process that was killed had made of
/// its tasks, for the case that the next one here is their next holder.
/// </summary>
internal sealed class WorkerFolder : IDisposable
{
    /// <summary>The most workers that share a name for their folders.</summary>
    const int MostWorkers = 64;

    readonly FileStream _lock;

    WorkerFolder(string path, FileStream held)
    {
        (Path, _lock) = (path, held);
        foreach (string stale in (string[])[Jobs, Left])
            if (Directory.Exists(stale)) Directory.Delete(stale, recursive: true);
        if (Directory.Exists(Tasks)) Directory.Move(Tasks, Left);
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

    string Left => System.IO.Path.Combine(Path, "left");

    /// <summary>
    /// A task's own folder, which begins with what a process that was killed here had made, where nobody else has worked on it since.
    /// </summary>
    public string FolderOf(TaskRow task)
    {
        string own = System.IO.Path.Combine(Tasks, Name(task, task.Attempt)),
            left = System.IO.Path.Combine(Left, Name(task, task.Attempt - 1));
        if (Directory.Exists(left))
        {
            Directory.CreateDirectory(Tasks);
            Directory.Move(left, own);
        }
        return own;
    }

    static string Name(TaskRow task, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{task.JobId}-{task.Ordinal}-{attempt}");

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
