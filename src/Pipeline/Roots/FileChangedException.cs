namespace DiffusionBatch.Pipeline.Roots;

/// <summary>A file that a job was planned over is another by now: its results would belong to no fingerprint.</summary>
/// <param name="path">The file's path under the root.</param>
/// <param name="gone">Whether it was deleted, not replaced.</param>
public sealed class FileChangedException(string path, bool gone) : IOException($"{path} was {(gone ? "deleted" : "changed")} after the job was planned; hand the job in again")
{
    /// <summary>The file's path under the root.</summary>
    public string Path { get; } = path;
}
