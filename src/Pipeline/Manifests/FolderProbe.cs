namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A storage root that is a folder on this machine's disk.</summary>
/// <param name="root">The folder's path.</param>
public sealed class FolderProbe(string root) : IPathProbe
{
    /// <inheritdoc/>
    public PathContent Look(string path)
    {
        string full = Path.Combine(root, path);
        return Directory.Exists(full) ? PathContent.Folder
            : File.Exists(full) ? IsBroken(full) ? PathContent.BrokenLink : PathContent.File
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

    // A link that leads nowhere counts as a file for File.Exists.
    static bool IsBroken(string path)
    {
        var link = new FileInfo(path);
        if (link.LinkTarget is null) return false;
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true };
        }
        catch (IOException) // a circle of links
        {
            return true;
        }
    }

    bool IsUnderFile(string path)
    {
        for (string? at = Path.GetDirectoryName(path); !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(root, at))) return true;
        return false;
    }
}
