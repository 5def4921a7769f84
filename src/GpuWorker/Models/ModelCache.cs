using System.Globalization;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Models;

/// <summary>Keeps the model that was used last: jobs that follow each other mostly use the same one.</summary>
/// <param name="device">Where models live; the CPU when null.</param>
internal sealed class ModelCache(TorchSharp.torch.Device? device) : IDisposable
{
    Checkpoint? _checkpoint;
    string? _key;

    /// <summary>A folder's model. It is the cache's, and alive until another one is asked for.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="name">What problems call it.</param>
    /// <param name="note">Told, when the model is loaded, what was decided where its files don't agree.</param>
    /// <exception cref="ProblemsException">The folder can't be used.</exception>
    public Checkpoint Get(string folder, string name, Action<string>? note = null)
    {
        string key = KeyOf(folder);
        if (_checkpoint is not null && _key == key) return _checkpoint;
        Clear();
        try
        {
            _checkpoint = Checkpoint.Load(folder, device);
        }
        catch (Exception e) when (e is CheckpointException or TokenizerException)
        {
            throw new ProblemsException(ModelProblems.Of(e, name));
        }
        _key = key;
        foreach (string sentence in _checkpoint.Notes) note?.Invoke($"{name}/{sentence}");
        return _checkpoint;
    }

    /// <summary>Frees what is kept.</summary>
    public void Clear()
    {
        _checkpoint?.Dispose();
        (_checkpoint, _key) = (null, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    // Paths, sizes and dates: a folder that is written anew is another one. Links are followed: folders that link to the same
    // files, as a worker's jobs have them, are one model.
    static string KeyOf(string folder) => string.Join('\n', new DirectoryInfo(folder).EnumerateFiles()
        .OrderBy(f => f.Name, StringComparer.Ordinal)
        .Select(f => (f.Name, File: new FileInfo(RealPath.Of(f.FullName))))
        .Select(f => string.Create(CultureInfo.InvariantCulture,
            $"{f.Name} {f.File.FullName} {f.File.Length} {f.File.LastWriteTimeUtc.Ticks}")));
}
