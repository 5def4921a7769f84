namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A storage root that is a folder on this machine's disk.</summary>
/// <param name="root">The folder's path.</param>
public sealed class FolderProbe(string root) : IPathProbe
{
    /// <inheritdoc/>
    public PathContent Look(string path)
    {
        string full = Path.Combine(root, path);
        return File.Exists(full) ? PathContent.File
            : Directory.Exists(full) ? PathContent.Folder
            : IsUnderFile(path) ? PathContent.UnderFile
            : PathContent.Nothing;
    }

    /// <inheritdoc/>
    public bool Leaves(string path)
    {
        string home = RealPath.Of(root);
        string real = RealPath.Of(Path.Combine(root, path));
        return real != home && !real.StartsWith(Path.TrimEndingDirectorySeparator(home) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    bool IsUnderFile(string path)
    {
        for (string? at = Path.GetDirectoryName(path); !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(root, at))) return true;
        return false;
    }
}
