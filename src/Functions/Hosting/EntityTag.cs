using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>Entity tags (RFC 9110, section 8.8.3).</summary>
internal static class EntityTag
{
    /// <summary>The tag of some bytes.</summary>
    public static string Of(ReadOnlySpan<byte> body) => Quoted(Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12)));

    /// <summary>A store's tag as a header has it.</summary>
    public static string Quoted(string tag) => $"\"{tag}\"";

    /// <summary>Whether an If-None-Match or If-Match header names a tag, or any (<c>*</c>).</summary>
    public static bool Matches(StringValues header, string quoted) => Names(header).Any(name => name == "*" || name == quoted);

    /// <summary>The tags that a header names, in quotes; weak ones count as strong.</summary>
    public static IEnumerable<string> Names(StringValues header) =>
        header.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(name => name.StartsWith("W/", StringComparison.Ordinal) ? name[2..] : name);
}
