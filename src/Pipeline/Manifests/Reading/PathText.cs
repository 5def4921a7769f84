namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Checks and normalises a manifest's paths: relative to the root, `/` only, never out of it.</summary>
internal static class PathText
{
    /// <summary>Why a path can't be used; null where it can.</summary>
    public static string? Refusal(string path)
    {
        if (path.Contains('\\', StringComparison.Ordinal)) return "folders are separated by \"/\", not by \"\\\"";
        if (path.StartsWith('/') || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]))) return "it is absolute";
        if (path.AsSpan().ContainsAnyInRange('\0', '\u001F')) return "it holds a control character";
        string[] segments = path.Split('/');
        if (segments.Contains("..")) return "\"..\" would leave the storage root";
        return segments.All(segment => segment is "" or ".") ? "it names the storage root itself" : null;
    }

    /// <summary>A path without "." and empty segments: "./a//b/" is "a/b".</summary>
    public static string Normalise(string path) => string.Join('/', path.Split('/').Where(segment => segment is not ("" or ".")));
}
