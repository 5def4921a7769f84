using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>Entity tags (RFC 9110, section 8.8.3).</summary>
internal static class EntityTag
{
    /// <summary>The tag of some bytes.</summary>
    public static EntityTagHeaderValue Of(ReadOnlySpan<byte> body) => Of(Digest(body));

    /// <summary>A store's tag as headers have it, in quotes.</summary>
    public static EntityTagHeaderValue Of(string stored) => new($"\"{stored}\"");

    /// <summary>What tells some bytes from others: 24 hexadecimal digits.</summary>
    public static string Digest(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12));

    /// <summary>
    /// Whether an If-None-Match or If-Match header names a tag, or any (<c>*</c>). Weak tags count as strong: proxies weaken them.
    /// </summary>
    public static bool IsNamed(StringValues header, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList(header, out IList<EntityTagHeaderValue>? names)
        && names.Any(name => name.Equals(EntityTagHeaderValue.Any) || name.Compare(tag, useStrongComparison: false));
}
