using System.Globalization;
using System.Text;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Files;

/// <summary>The paths of files that clients name. A path is decoded once: <c>a%2520b</c> in a URL is the file <c>a%20b</c>.</summary>
internal static class FilePath
{
    /// <summary>
    /// The URL as the client sent it: Azure's front ends, and the host of a laptop, say it so. Servers hand paths on decoded.
    /// </summary>
    internal const string Unencoded = "X-WAWS-Unencoded-URL";

    // The pipeline's own blobs, here and inside outputs; and the index's file, which may lie in the same folder.
    const string Hidden = ".dbatch", Database = "dbatch.db", Route = "/files/";

    static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The path that a request names, checked.</summary>
    /// <param name="request">The request, whose URL says what the router's value doesn't.</param>
    /// <param name="route">The router's value: decoded once, with an encoded slash left as it is.</param>
    /// <exception cref="ApiException">400: it isn't one, or leaves the root, or is the pipeline's own, or can't be told for
    /// sure.</exception>
    public static string Require(HttpRequest request, string? route)
    {
        string path = Sent(request) ?? Routed(route ?? "");
        if (BlobName.Refusal(path) is { } why) throw Refuse.BadPath($"The path \"{path}\" can't be used: {why}.");
        if (IsInternal(path)) throw Refuse.BadPath($"The path \"{path}\" belongs to the pipeline itself.");
        return path;
    }

    /// <summary>Whether a path is the pipeline's own.</summary>
    public static bool IsInternal(string path) =>
        path.Split('/').Any(segment => segment.StartsWith(Hidden, StringComparison.OrdinalIgnoreCase))
            || path.StartsWith(Database, StringComparison.OrdinalIgnoreCase);

    // From the URL as it was sent; null where that isn't known.
    static string? Sent(HttpRequest request)
    {
        string url = request.Headers[Unencoded].ToString();
        int begin = url.StartsWith('/') ? url.IndexOf(Route, StringComparison.OrdinalIgnoreCase) : -1;
        if (begin < 0) return null;
        ReadOnlySpan<char> rest = url.AsSpan(begin + Route.Length);
        int end = rest.IndexOfAny('?', '#');
        return Decoded(end < 0 ? rest : rest[..end]);
    }

    // Where a server stands in between that says nothing more, "%2F" may have been a slash or these three letters, and bytes that
    // aren't UTF-8 look like the text of their escapes: neither is guessed.
    static string Routed(string route)
    {
        for (int i = route.IndexOf('%', StringComparison.Ordinal); i >= 0 && i + 2 < route.Length; i = route.IndexOf('%', i + 1))
        {
            if (byte.TryParse(route.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
                && value is (byte)'/' or >= 0x80)
                throw Refuse.BadPath(
                    $"The path \"{route}\" can't be used: behind this server \"{route.AsSpan(i, 3)}\" in a name can't be told from the "
                        + $"character that it encodes; write \"/\" as it is, or choose another name.");
        }
        return route;
    }

    static string Decoded(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                // Other than ASCII isn't sent bare; what comes as such was bytes of UTF-8, one a character.
                bytes.Add(
                    text[i] <= 0xFF
                        ? (byte)text[i]
                        : throw Refuse.BadPath($"The path \"{text}\" can't be used: it isn't encoded as URLs are."));
                continue;
            }
            if (i + 2 >= text.Length
                || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
                throw Refuse.BadPath(
                    $"The path \"{text}\" can't be used: a \"%\" without two hexadecimal digits behind it; write \"%25\" for the sign "
                        + $"itself.");
            bytes.Add(value);
            i += 2;
        }
        try
        {
            return s_utf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw Refuse.BadPath($"The path \"{text}\" can't be used: decoded, it isn't valid UTF-8.");
        }
    }
}
