using System.Security.Cryptography;
using System.Text.Json;
using DiffusionBatch.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>The usual answers.</summary>
internal static class Answer
{
    /// <summary>A value as JSON.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, ApiJson.Of<T>(), "application/json", status);

    /// <summary>
    /// A body that is written as it comes, until the invocation is called off or nobody reads it any longer. HEAD gets its headers alone.
    /// </summary>
    public static IResult Stream(HttpRequest request, string mediaType, Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken) => Results.Stream(
        async body =>
        {
            if (HttpMethods.IsHead(request.Method)) return;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
            await write(body, either.Token);
        },
        mediaType);

    /// <summary>A value as JSON under an entity tag made of its bytes: 304 where the caller has it already.</summary>
    public static IResult Tagged<T>(T value)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Of<T>());
        return Results.Bytes(body, "application/json", entityTag: EntityTag.Of(body));
    }
}

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
