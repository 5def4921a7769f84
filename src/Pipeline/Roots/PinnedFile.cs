namespace DiffusionBatch.Pipeline.Roots;

/// <summary>A file of the storage root in one version.</summary>
/// <param name="Path">Its path under the root, which is its blob's name.</param>
/// <param name="Tag">Its entity tag.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record PinnedFile(string Path, string Tag, long Length);
