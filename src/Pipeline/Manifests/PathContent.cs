namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>What is at a path.</summary>
public enum PathContent
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,
}
