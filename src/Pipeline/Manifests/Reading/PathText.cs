using System.Text;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Checks and normalises a manifest's paths: relative to the root, `/` only, never out of it.</summary>
internal static class PathText
{
    // What file systems allow in common.
    const int MaxNameBytes = 255;

    /// <summary>Why a path can't be used; null where it can.</summary>
    public static string? Refusal(string path)
    {
        if (path.Contains('\\', StringComparison.Ordinal)) return "folders are separated by \"/\", not by \"\\\"";
        if (path.StartsWith('/') || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]))) return "it is absolute";
        if (path.AsSpan().ContainsAnyInRange('\0', '\u001F')) return "it holds a control character";
        string[] segments = path.Split('/');
        if (segments.Contains("..")) return "\"..\" could leave the storage root";
        if (segments.Any(segment => Encoding.UTF8.GetByteCount(segment) > MaxNameBytes))
            return $"a name in it has more than {MaxNameBytes} bytes";
        return segments.All(segment => segment is "" or ".") ? "it names the storage root itself" : null;
    }

    /// <summary>A path without "." and empty segments: "./a//b/" is "a/b".</summary>
    public static string Normalise(string path) => string.Join('/', path.Split('/').Where(segment => segment is not ("" or ".")));
}
