namespace DiffusionBatch.Functions.Files;

/// <summary>A page of a list of files, in ordinal order.</summary>
/// <param name="Files">The files.</param>
/// <param name="Next">The cursor of the next page; absent at the end.</param>
public sealed record FileListView(IReadOnlyList<FileView> Files, string? Next);
