using DiffusionBatch.Functions.Problems;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Requests;

/// <summary>Reads small bodies whole.</summary>
internal static class BodyReader
{
    /// <summary>A body of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="ApiException">413: it is larger.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) throw Refuse.TooLarge(limit);
        var body = new MemoryStream();
        await using var bounded = new BoundedStream(request.Body, limit);
        await bounded.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }
}
