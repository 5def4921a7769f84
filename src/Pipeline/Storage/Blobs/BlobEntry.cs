namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Name">Its name: relative, with `/`.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Tag">Its entity tag: another one after each write.</param>
/// <param name="ModifiedAt">When it was last written, UTC.</param>
public sealed record BlobEntry(string Name, long Length, string Tag, DateTimeOffset ModifiedAt);
