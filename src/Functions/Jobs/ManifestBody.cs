using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Submitting;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>A manifest as the body of a request, with the options that stand beside it.</summary>
internal static class ManifestBody
{
    /// <summary>The most bytes of a manifest.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>The longest idempotency key.</summary>
    public const int MaxKeyLength = 255;

    const string KeyHeader = "Idempotency-Key";

    /// <summary>Reads the request.</summary>
    /// <exception cref="ApiException">415: neither JSON nor YAML; 413: too large; 400: an option is wrong.</exception>
    public static async Task<SubmitRequest> ReadAsync(HttpRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        ManifestFormat format = FormatOf(request.ContentType);
        var options = new SubmitRequest(default)
        {
            Format = format,
            IdempotencyKey = Key(request),
            Priority = Query.Word<JobPriority>(request, "priority") ?? JobPriority.Normal,
            ExpiresAt = time.GetUtcNow() + Query.Duration(request, "expiresIn"),
        };
        return options with { Body = await BodyReader.ReadAsync(request, MaxBytes, cancellationToken) };
    }

    /// <summary>The syntax that a content type stands for.</summary>
    /// <exception cref="ApiException">415: neither JSON nor YAML.</exception>
    public static ManifestFormat FormatOf(string? contentType)
    {
        string media = MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
            ? type.MediaType.Value!.ToLowerInvariant()
            : "";
        bool utf8 = type?.Charset is not { HasValue: true } charset
            || charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        return media switch
        {
            "application/json" or "text/json" when utf8 => ManifestFormat.Json,
            "application/yaml" or "application/x-yaml" or "text/yaml" or "text/x-yaml" when utf8 => ManifestFormat.Yaml,
            _ => throw Refuse.MediaType(contentType, "the manifest as application/json or application/yaml, in UTF-8"),
        };
    }

    static string? Key(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(KeyHeader, out var given)) return null;
        string key = given.ToString();
        return key.Length is > 0 and <= MaxKeyLength
            ? key
            : throw Refuse.BadParameter(KeyHeader, $"{KeyHeader} has {key.Length} characters; it has 1 to {MaxKeyLength}.");
    }
}
