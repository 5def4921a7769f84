using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Functions.Requests;

/// <summary>Paths of files that the API gives out and takes: what users own under the storage root.</summary>
internal static class FilePath
{
    // The pipeline's own blobs, here and inside outputs; and the index's file, which may lie in the same folder.
    const string Hidden = ".dbatch", Database = "dbatch.db";

    /// <summary>A route's path, checked.</summary>
    /// <exception cref="ApiException">400: it isn't one, or leaves the root, or is the pipeline's own.</exception>
    public static string Require(string? route)
    {
        // The router leaves an encoded slash as it is; behind it a name is hidden from nobody.
        string path = Uri.UnescapeDataString((route ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        if (BlobName.Refusal(path) is { } why) throw Refuse.BadPath($"The path \"{path}\" can't be used: {why}.");
        if (IsInternal(path)) throw Refuse.BadPath($"The path \"{path}\" belongs to the pipeline itself.");
        return path;
    }

    /// <summary>Whether a path is the pipeline's own.</summary>
    public static bool IsInternal(string path) =>
        path.Split('/').Any(segment => segment.StartsWith(Hidden, StringComparison.OrdinalIgnoreCase)) || path.StartsWith(Database, StringComparison.OrdinalIgnoreCase);
}
