namespace DiffusionBatch.Contracts;

/// <summary>A page of a list of files, in ordinal order.</summary>
/// <param name="Files">The files.</param>
/// <param name="Next">The cursor of the next page; absent at the end.</param>
public sealed record FileListView(IReadOnlyList<FileView> Files, string? Next);

/// <summary>A file under the storage root.</summary>
/// <param name="Path">Its path, relative to the root.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Etag">Its entity tag, in quotes as headers have it.</param>
/// <param name="ModifiedAt">When it was last written.</param>
public sealed record FileView(string Path, long Length, string Etag, DateTimeOffset ModifiedAt);
