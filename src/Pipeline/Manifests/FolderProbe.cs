using DiffusionBatch.Pipeline.Files;

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
            : Above(path);
    }

    /// <inheritdoc/>
    public bool Leaves(string path)
    {
        string home = RealPath.Of(root);
        string real = RealPath.Of(Path.Combine(root, path));
        return !RealPath.IsWithin(real, home);
    }

    // A link that leads nowhere counts as a file for File.Exists.
    static bool IsBroken(string path)
    {
        if (new FileInfo(path).LinkTarget is null) return false;
        try
        {
            return !File.Exists(RealPath.Of(path));
        }
        catch (IOException) // a circle of links
        {
            return true;
        }
    }

    // Why nothing is there, by what stands above it.
    PathContent Above(string path)
    {
        for (string? at = Path.GetDirectoryName(path); !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
            if (Path.Combine(root, at) is var full && File.Exists(full))
                return IsBroken(full) ? PathContent.BehindBrokenLink : PathContent.UnderFile;
        return PathContent.Nothing;
    }
}

/// <summary>Says what is at a path of the storage root, be it a folder on a disk or a container of blobs.</summary>
public interface IPathProbe
{
    /// <summary>What is at a path relative to the root, with `/` and without `..`.</summary>
    PathContent Look(string path);

    /// <summary>
    /// Whether a path, followed through symbolic links as far as it exists, ends outside the root. Where there are no links, never.
    /// </summary>
    bool Leaves(string path) => false;
}

/// <summary>What is at a path.</summary>
public enum PathContent
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Nothing, and nothing can be: one of the folders above it is a file.</summary>
    UnderFile,

    /// <summary>A file.</summary>
    File,

    /// <summary>A symbolic link to nothing, or to itself.</summary>
    BrokenLink,

    /// <summary>Nothing: the way to it goes by such a link.</summary>
    BehindBrokenLink,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>Something of the pipeline's own, or nothing: which of them isn't told.</summary>
    Reserved,
}
