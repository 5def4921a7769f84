using System.Globalization;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Models;

/// <summary>
/// Keeps the models that were used last, several where they are small: jobs that follow each other mostly use the same one, and tenants'
/// jobs take turns.
/// </summary>
/// <param name="device">Where models live; the CPU when null.</param>
/// <param name="most">Bytes of their files, beyond which those that weren't used for longest are freed; one is always kept.</param>
internal sealed class ModelCache(TorchSharp.torch.Device? device, long most = 1L << 30) : IDisposable
{
    // The one that was used last at the end.
    readonly List<(string Key, long Bytes, Checkpoint Checkpoint)> _kept = [];

    /// <summary>A folder's model. It is the cache's, and alive until another one is asked for.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="name">What problems call it.</param>
    /// <param name="note">Told, when the model is loaded, what was decided where its files don't agree.</param>
    /// <exception cref="ProblemsException">The folder can't be used.</exception>
    public Checkpoint Get(string folder, string name, Action<string>? note = null)
    {
        var files = FilesOf(folder);
        string key = KeyOf(files);
        if (_kept.FindIndex(k => k.Key == key) is >= 0 and var at)
        {
            var known = _kept[at];
            _kept.RemoveAt(at);
            _kept.Add(known);
            return known.Checkpoint;
        }
        long bytes = files.Sum(f => f.File.Length);
        while (_kept.Count > 0 && _kept.Sum(k => k.Bytes) + bytes > most) Free(0);
        Checkpoint checkpoint;
        try
        {
            checkpoint = Checkpoint.Load(folder, device);
        }
        catch (Exception e) when (e is CheckpointException or TokenizerException)
        {
            throw new ProblemsException(ModelProblems.Of(e, name));
        }
        _kept.Add((key, bytes, checkpoint));
        foreach (string sentence in checkpoint.Notes) note?.Invoke($"{name}/{sentence}");
        return checkpoint;
    }

    /// <summary>Frees what is kept.</summary>
    public void Clear()
    {
        while (_kept.Count > 0) Free(_kept.Count - 1);
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    void Free(int at)
    {
        _kept[at].Checkpoint.Dispose();
        _kept.RemoveAt(at);
    }

    // Links are followed: folders that link to the same files, as a worker's jobs have them, are one model.
    static (string Name, FileInfo File)[] FilesOf(string folder) => [.. new DirectoryInfo(folder).EnumerateFiles()
        .OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => (f.Name, new FileInfo(RealPath.Of(f.FullName))))];

    // Paths, sizes and dates: a folder that is written anew is another one.
    static string KeyOf(IEnumerable<(string Name, FileInfo File)> files) => string.Join('\n', files
        .Select(f => string.Create(CultureInfo.InvariantCulture,
            $"{f.Name} {f.File.FullName} {f.File.Length} {f.File.LastWriteTimeUtc.Ticks}")));
}
