using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>The usual answers.</summary>
internal static class Answer
{
    /// <summary>A value as JSON.</summary>
    public static IResult Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        Results.Json(value, type, "application/json", status);

    /// <summary>A body that is written as it comes, until the invocation is called off or nobody reads it any longer. HEAD gets its headers alone.</summary>
    public static IResult Stream(HttpRequest request, string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => Results.Stream(
        async body =>
        {
            if (HttpMethods.IsHead(request.Method)) return;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
            await write(body, either.Token);
        },
        mediaType);

    /// <summary>A value as JSON under an entity tag made of its bytes: 304 where the caller has it already.</summary>
    public static IResult Tagged<T>(T value, JsonTypeInfo<T> type)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return Results.Bytes(body, "application/json", entityTag: EntityTag.Of(body));
    }
}
