namespace DiffusionBatch.Pipeline.Manifests;

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
}
