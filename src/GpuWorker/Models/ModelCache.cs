using System.Globalization;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Models;

/// <summary>Keeps the model that was used last: jobs that follow each other mostly use the same one.</summary>
internal sealed class ModelCache : IDisposable
{
    Checkpoint? _checkpoint;
    string? _key;

    /// <summary>A folder's model. It is the cache's, and alive until another one is asked for.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="name">What problems call it.</param>
    /// <exception cref="ProblemsException">The folder can't be used.</exception>
    public Checkpoint Get(string folder, string name)
    {
        string key = KeyOf(folder);
        if (_checkpoint is not null && _key == key) return _checkpoint;
        Clear();
        try
        {
            _checkpoint = Checkpoint.Load(folder);
        }
        catch (Exception e) when (e is CheckpointException or TokenizerException)
        {
            throw new ProblemsException(ModelProblems.Of(e, name));
        }
        _key = key;
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

    // Path, sizes and dates: a folder that is written anew is another one.
    static string KeyOf(string folder) => string.Join('\n', new DirectoryInfo(folder).EnumerateFiles()
        .OrderBy(f => f.Name, StringComparer.Ordinal)
        .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}")));
}
