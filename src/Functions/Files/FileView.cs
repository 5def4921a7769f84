namespace DiffusionBatch.Functions.Files;

/// <summary>A file under the storage root.</summary>
/// <param name="Path">Its path, relative to the root.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Etag">Its entity tag, in quotes as headers have it.</param>
/// <param name="ModifiedAt">When it was last written.</param>
public sealed record FileView(string Path, long Length, string Etag, DateTimeOffset ModifiedAt);
