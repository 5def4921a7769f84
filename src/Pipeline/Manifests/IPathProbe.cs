namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Says what is at a path of the storage root, be it a folder on a disk or a container of blobs.</summary>
public interface IPathProbe
{
    /// <summary>What is at a path relative to the root, with `/` and without `..`.</summary>
    PathContent Look(string path);

    /// <summary>Whether a path, followed through symbolic links as far as it exists, ends outside the root. Where there are no links, never.</summary>
    bool Leaves(string path) => false;
}
